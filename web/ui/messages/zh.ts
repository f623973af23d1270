// What the components themselves say.
export default {
  app: { name: '护苗', skip: '跳到正文', menu: '菜单', navigation: '导航', collapse: '收起', expand: '展开', back: '返回' },
  common: {
    ok: '确定', cancel: '取消', close: '关闭', save: '保存', retry: '重试', more: '加载更多', yes: '是', no: '否', none: '无',
    required: '必填', optional: '选填', search: '查找', loading: '正在加载…', print: '打印', edit: '修改', remove: '移除',
    choose: '请选择', count: '共 {n} 项', all: '全部', today: '今天', copied: '已复制', copy: '复制',
  },
  state: {
    empty: '这里还没有内容',
    error: '出了点问题',
    error_hint: '请稍后重试。如果一直这样，请把下面的编号告诉管理员。',
    request: '请求编号 {id}',
    offline: '没有网络',
    offline_hint: '连上网络后会自动更新。',
    offline_bar: '没有网络。可以继续工作，连上网络后会自动上传。',
    offline_bar_readonly: '没有网络。看到的是上次的内容。',
    unsent: '{n} 项未上传',
    sending: '正在上传 {n} 项…',
    no_permission: '您没有查看这里的权限',
    no_permission_hint: '如果工作需要，请联系上级或管理员。',
    not_found: '没有找到，或者不在您的辖区内',
  },
  field: { chosen: '已选 {n} 项', day_hint: '例如 2026-07-01', day_wrong: '请按“年-月-日”填写，例如 2026-07-01', too_long: '最多 {n} 个字', needed: '请填写此项' },
  table: { sort_by: '按“{name}”排序', sorted_up: '升序', sorted_down: '降序', rows: '表格' },
  mask: {
    open: '查看{name}', tap: '点按查看', approval: '申请查看', glass: '紧急查看', closed: '不可查看', title: '查看“{name}”',
    why: '为什么要查看？', reason: '理由', reason_hint: '会记入日志，可能被复核', audited: '每次查看都会留下记录。',
    glass_note: '仅限孩子有危险的紧急情况。上级会在次日之前复核。', go: '查看', ask: '提交申请', asked: '申请已提交，等待批准。',
  },
  level: { of: '紧急程度：{name}' },
  preferences: {
    title: '显示设置', language: '语言', theme: '外观', size: '字号', auto: '自动', light: '浅色', dark: '深色', normal: '标准',
    large: '大', larger: '特大',
  },
  session: {
    sign_out: '退出登录', sessions: '登录的设备', signed_in_as: '{name}', unlock_title: '请输入密码', unlock_hint: '没有网络，用密码打开这台手机上保存的内容。',
    unlock: '打开', wrong_password: '密码不对', password: '密码', wipe_title: '还有 {n} 项没有上传', wipe_text: '退出登录会删除这台设备上保存的内容，没有上传的记录会丢失。',
    wipe_go: '仍要退出',
  },
  update: { ready: '有新版本', go: '更新' },
  toast: { region: '通知', close: '关闭通知' },
}
