// The gallery is for those who build the product; its own words are in both languages all the same.
export const zh = {
  gallery: {
    title: '组件一览', intro: '每个组件的每种状态。用上面的设置切换语言、外观和字号，用打印预览看纸上的样子。',
    buttons: '按钮', fields: '填写', choices: '选择', marks: '标记', states: '状态', table: '表格', dialogs: '对话框与通知', masked: '遮蔽的内容',
    tabs: '标签页', cards: '卡片', shell: '框架', open: '打开', loading: '正在加载', empty: '没有内容', error: '出错', offline: '没有网络', forbidden: '没有权限',
    ready: '有内容', name: '姓名', note: '说明', note_hint: '写下看到的情况', village: '村', day: '走访日期', met: '见到了谁', outcome: '结果', wrong: '这里填得不对',
    phone_shell: '手机', desk_shell: '桌面', saved: '已保存', lost: '没有保存', sure: '要删除吗？', sure_text: '删除后不能恢复。', delete: '删除', first: '第一页', second: '第二页',
    small: '出错（页面内）', child: '陈**', icons: '图标', due: '到期', colours: '颜色', closed: '不可查看',
  },
}
export const en = {
  gallery: {
    title: 'Components', intro: 'Each component in each state. The settings above change language, appearance and text size; the print preview shows the paper.',
    buttons: 'Buttons', fields: 'Filling in', choices: 'Choosing', marks: 'Marks', states: 'States', table: 'Table', dialogs: 'Dialogs and toasts', masked: 'Masked values',
    tabs: 'Tabs', cards: 'Cards', shell: 'Frame', open: 'Open', loading: 'Loading', empty: 'Empty', error: 'Error', offline: 'No network', forbidden: 'No permission',
    ready: 'Content', name: 'Name', note: 'Note', note_hint: 'What was seen', village: 'Village', day: 'Day of the visit', met: 'Who was met', outcome: 'Outcome', wrong: 'This is not right',
    phone_shell: 'Phone', desk_shell: 'Desk', saved: 'Saved', lost: 'Not saved', sure: 'Delete it?', sure_text: 'It cannot be had back.', delete: 'Delete', first: 'First', second: 'Second',
    small: 'Error within a page', child: '陈**', icons: 'Pictures', due: 'Due', colours: 'Colours', closed: 'Cannot be seen',
  },
}
