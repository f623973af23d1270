// What the phone's pages say.
export default {
  phone: {
    inbox: '走访', notices: '消息', me: '我的', child: '走访', sheet: '走访表', finish: '提交记录', history: '以往走访', settle: '请您核对', road: '出门准备',
    refresh: '刷新',
  },
  tab: { label: '走访状态', todo: '待走访', under_way: '进行中', done: '已完成' },
  empty: {
    todo: '现在没有要走访的孩子', todo_text: '有新的走访会自动出现在这里，也会在“消息”里提醒。', under_way: '没有正在进行的走访',
    done: '还没有完成的走访', notices: '没有消息', history: '以前没有走访过', gone: '这次走访不在您手上了', gone_text: '可能已经办结，或者转交给了别人。',
  },
  due: {
    none: '不限时', hours: '还有 {n} 小时', today: '今天内', tomorrow: '明天内', days: '还有 {n} 天', late_hours: '已超期 {n} 小时', late_days: '已超期 {n} 天',
    label: '期限', back: '{at} 前报平安',
  },
  card: {
    accept: '待接收', age: '{band} 岁', planned: '计划 {day}', today: '今天', tomorrow: '明天', stands_in: '代班', unsent: '{n} 项待上传', rivals: '{n} 处需要核对',
    stopped: '{n} 项没有上传成功', gone: '已转交，您的记录保留在本机，会继续上传', back: '已返回，请提交记录', since: '{at} 出发', no_name: '姓名未显示', taken: '已带上资料',
  },
  line: {
    asked: '更新于 {at}', never: '还没有更新过', updating: '正在更新…', offline: '没有网络，显示的是 {at} 的内容', send_now: '现在上传',
    signed_out: '登录已过期。您的记录都在本机，重新登录后会继续上传。', sign_in: '重新登录',
    broken: '本机存不下新内容了。请不要关闭页面，清理手机空间后再试。', no_store: '没有网络时，这里的内容不会保留。请在有网络时使用。',
    clock: '手机时间差了 {n} 分钟，请在手机设置里改成自动校准。',
  },
  back: { bar: '走访中 {name}', since: '{at} 出发', button: '我已平安返回', title: '您已经平安离开了吗？', text: '确认后，督导员会知道您平安，不再提醒。', go: '是，我已平安', done: '已记下：平安返回 {at}' },
  where: {
    title: '去哪里', address: '住址', contact: '联系人', open: '查看姓名、住址和电话', open_note: '仅用于这次走访。每次查看都会留下记录。',
    asked: '申请已提交，等待批准。', call: '打电话', no_phone: '没有登记电话', no_address: '没有登记住址', division: '村（社区）',
    kept: '资料已存在本机。提交记录后自动删除，最长保留到 {at}。', accept_first: '接收后可以查看姓名、住址和电话。', drop: '从本机删除', offline: '没有网络，打不开。下次出门前请先点“出门准备”。',
    directions: '怎么走', directions_text: '住在{village}。到村口后可以打监护人电话问路，不要向邻居打听这户人家。', directions_plain: '到村口后可以打监护人电话问路，不要向邻居打听这户人家。',
  },
  step: {
    accept: '接收', start: '我出发了', turn_back: '没去成，折返', record: '提交记录', postpone: '改期', danger: '孩子有危险', fill: '填写走访表', go_on: '继续填写',
    again: '等待安排再次走访',
  },
  accept: { title: '哪天去？', text: '接收后就由您来走访。', day: '计划日期', go: '接收' },
  start: {
    title: '出发前', alone: '这次可以单独去。告诉家人您去哪里。', pair: '这次请两个人一起去。', police: '这次请由警察陪同，先联系派出所。', unknown: '先想好和谁一起去。',
    phone: '手机充好电，随身带着。', doubt: '觉得不对劲就先离开，再打督导员或 110。', safe: '走访后点“我已平安返回”，到时没有报平安，督导员会联系您。', go: '我出发了',
    not_taken: '还没有带上住址和电话。没有网络时就看不到了。',
  },
  postpone: { title: '改到哪天？', reason: '为什么改期', go: '改期', done: '已改到 {day}', limit: '还可以自己改期 {n} 次。' },
  turn_back: { title: '没去成', reason: '什么原因', go: '记下折返', done: '已记下：折返', road: '路不通', weather: '天气不好', doubt: '觉得不安全', other: '其他原因' },
  danger: {
    title: '孩子现在有危险？', text: '先打 110。确认后，督导员、未保站和未保中心会马上知道。', call: '打 110', reason: '看到了什么', go: '马上报告', done: '已报告危险', sent_later: '没有网络，连上后第一个上传。请先打电话！',
  },
  other: { reason: '理由', go: '确定', done: '已记下' },
  sheet: {
    comma: '、', part: '第 {n} 步，共 {of} 步', next: '下一步', previous: '上一步', leave: '回到走访', phone: '已存在手机', sent: '已上传', saving: '正在保存…', stopped: '没有上传成功', failed: '没有存上，请再试',
    optional: '可以不填，看到什么填什么。', part_met: '见到了谁', part_safety: '孩子安全吗', part_home: '家里怎么样', part_child: '孩子怎么样', part_needs: '需要什么帮助', part_words: '写几句', part_finish: '结果',
    danger: '您选了“有危险”。请马上打 110，再告诉督导员。连上网络后这一条最先上传。', findings_hint: '看到的、听到的，照实写。不要写猜测。', wish_hint: '用孩子自己的话。', next_hint: '说好了什么，谁来做，什么时候。',
    long: '太长了，请少写一些', none: '未填写', read: '这次走访已提交，不能再改。',
  },
  finish: {
    title: '这次走访的结果', verified: '有需要关注的情况', false_alarm: '没有发现问题', refused: '家里不愿意配合', nobody_home: '没有人在家', refused_hint: '不勉强。以后会再安排走访。', nobody_home_hint: '会再安排走访。',
    back_first: '先报平安，再提交记录。', missing: '还没填：{fields}', missing_hint: '可以回去补上，也可以直接提交。', go: '提交记录', done: '已记录，辛苦了', done_offline: '已存在本机，连上网络后自动上传。辛苦了',
    title_check: '提交后不能再改', text_check: '走访表和结果会交给督导员。', summary: '走访表', rivals: '有 {n} 处两个人填得不一样，请先核对。',
  },
  settle: {
    rivals: '两个人填得不一样', rivals_text: '两个都保留着。请选一个，或者重新写。', mine: '您写的', theirs: '另一位写的', theirs_named: '{name} 写的', take_mine: '用我的', take_theirs: '用对方的', anew: '重新写', save: '保存',
    hidden: '您不能查看对方写的内容', empty: '（空）', settled: '已核对', settled_text: '没有需要核对的内容了。', stopped: '没有上传成功', stopped_text: '系统没有接受。内容还在本机，请您决定。',
    server_now: '系统里现在是：{state}', there_already: '这一步系统里已经有了，不用再做。', what_step: '您在 {at} 点了“{step}”', what_fields: '您在 {at} 写的', said: '原因', retry: '再试一次', drop: '不再上传', drop_already: '知道了',
    drop_title: '不再上传这一项？', drop_text: '这一项会从本机删除，不能恢复。', unknown: '系统没有说明原因', others: '之后还有 {n} 项在等它。',
  },
  history: { text: '只列出您可以看到的。', planned: '计划 {day}', by: '走访人', mine: '我', read: '查看走访表' },
  notice: { unseen: '新', old: '没有网络，显示的是之前的消息' },
  road: {
    text: '出门前，把姓名、住址和电话存在本机，没有网络也能看。', audited: '每次查看都会留下记录。提交走访记录后自动删除，最长 72 小时。', none: '没有已接收的走访', go: '带上这 {n} 位的资料', all: '都带上了，可以出门了',
    has: '已带上', lacks: '未带上', failed: '没有打开：{why}', working: '正在打开 {n} / {of}', drop: '全部从本机删除', button: '出门准备',
  },
  me: {
    phone: '本机', kept: '本机保存着 {n} 次走访', unsent: '{n} 项待上传', none_unsent: '全部上传了', taken: '带着 {n} 位孩子的资料', lock: '锁定', lock_text: '锁定后要输入密码才能打开。',
    sessions: '登录的设备和密码', sign_out: '退出登录', out_title: '退出登录', out_text: '退出后，本机保存的内容会删除。', out_unsent: '还有 {n} 项没有上传，退出后会丢失！请先连上网络上传。', out_go: '退出', out_lose: '仍要退出，不要这些记录',
    store_open: '已加密保存', store_missing: '此浏览器不能离线保存', display: '显示',
  },
}
