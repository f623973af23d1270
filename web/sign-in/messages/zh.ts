export default {
  sign_in: {
    title: '登录', product: '困境儿童关爱保护平台', account: '账号', password: '密码', go: '登录', code: '动态口令', code_hint: '打开验证器，填写 6 位数字',
    display: '显示设置', lost: '忘记密码或换了手机？请联系管理员。',
    offline_title: '没有网络', offline_open: '不联网，打开这台手机上的内容',
    password_title: '请先设置新密码', password_text: '这是别人给您的密码。请换成只有您自己知道的。', current: '现在的密码', fresh: '新密码',
    fresh_hint: '至少 10 个字符。可以用几个词连起来，好记又难猜。', again: '再输入一次新密码', differ: '两次输入的不一样', short: '至少 10 个字符', set: '设置新密码',
    totp_title: '请设置动态口令', totp_text: '您的账号权限较大，登录时除密码外还要填写动态口令。', totp_begin: '开始', totp_scan: '用验证器扫描下面的二维码', totp_key: '不能扫描？手动输入密钥',
    totp_confirm: '确认', totp_code: '验证器显示的 6 位数字', qr: '动态口令的二维码',
    sessions: '登录的设备', sessions_text: '如果有不认识的，或手机丢了，请结束它。', current_one: '正在使用', began: '登录', seen: '最近使用', ends: '最晚到期', end: '结束', ended: '已结束',
    end_title: '结束这次登录？', end_text: '那台设备要重新登录才能使用。', device: '设备', second: '动态口令', back: '返回工作',
    change_password: '修改密码', changed: '密码已修改，其他设备已退出登录。',
    unsent_title: '这台设备上有 {n} 项没有上传', unsent_other: '它们属于账号“{account}”。继续登录会删除它们。最好让对方先登录上传。',
    unsent_same: '它们是用旧密码保存的。填写旧密码可以保留；不填写则会删除。', old_password: '旧密码', keep: '保留并继续', drop: '删除并继续', other_account: '换一个账号登录', wrong_old: '旧密码不对',
    preparing: '正在准备这台手机…',
  },
}
