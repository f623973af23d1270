import type { Catalogue } from '@ui/i18n'
import type zh from './zh'
const en: Catalogue<typeof zh> = {
  phone: {
    inbox: 'Visits', notices: 'Notices', me: 'Me', child: 'Visit', sheet: 'Visit sheet', finish: 'Hand in', history: 'Earlier visits', settle: 'Please check', road: 'Before you go',
    refresh: 'Refresh',
  },
  tab: { label: 'State of visits', todo: 'To do', under_way: 'Now', done: 'Done' },
  empty: {
    todo: 'Nobody has to be visited now', todo_text: 'New visits appear here by themselves, and under “Notices”.', under_way: 'No visit is under way',
    done: 'No visit is finished yet', notices: 'No notices', history: 'No visits before', gone: 'This visit is no longer yours', gone_text: 'It may be closed, or somebody else’s now.',
  },
  due: {
    none: 'no deadline', hours: '{n} h left', today: 'within today', tomorrow: 'by tomorrow', days: '{n} days left', late_hours: '{n} h late', late_days: '{n} days late',
    label: 'Due', back: 'report back by {at}',
  },
  card: {
    accept: 'to be accepted', age: 'age {band}', planned: 'planned {day}', today: 'today', tomorrow: 'tomorrow', stands_in: 'standing in', unsent: '{n} not sent yet', rivals: '{n} to check',
    stopped: '{n} not accepted', gone: 'Handed over. Your notes are kept and will be sent', back: 'Back: please hand in', since: 'left {at}', no_name: 'name not shown', taken: 'ready to go',
  },
  line: {
    asked: 'As of {at}', never: 'Not updated yet', updating: 'Updating…', offline: 'No network. This is of {at}', send_now: 'Send now',
    signed_out: 'You have been signed out. All that you wrote is on this phone and will be sent once you sign in again.', sign_in: 'Sign in again',
    broken: 'This phone has no room to save. Do not close the page; free some space and try again.', no_store: 'Nothing is kept here without a network. Please stay online.',
    clock: 'This phone’s clock is wrong by {n} minutes. Please set it to automatic.',
  },
  back: { bar: 'Visiting {name}', since: 'left {at}', button: 'I am back safe', title: 'Have you left safely?', text: 'Your supervisor will know that you are safe.', go: 'Yes, I am safe', done: 'Noted: back safe at {at}' },
  where: {
    title: 'Where', address: 'Address', contact: 'Whom to ask for', open: 'Show name, address and telephone', open_note: 'For this visit only. Each look is written down.',
    asked: 'Asked for; somebody has to agree.', call: 'Call', no_phone: 'No telephone is known', no_address: 'No address is known', division: 'Village',
    kept: 'Kept on this phone. Deleted when you hand in, at the latest on {at}.', accept_first: 'Name, address and telephone can be shown once you have accepted.', drop: 'Delete from this phone', offline: 'No network, so it cannot be opened. Next time tap “Before you go” first.',
    directions: 'How to get there', directions_text: 'Lives in {village}. Call the guardian from the edge of the village to ask the way; do not ask neighbours for this family.', directions_plain: 'Call the guardian from the edge of the village to ask the way; do not ask neighbours for this family.',
  },
  step: {
    accept: 'Accept', start: 'I am starting', turn_back: 'Could not go', record: 'Hand in', postpone: 'Another day', danger: 'Child in danger', fill: 'Fill in the sheet', go_on: 'Go on with the sheet',
    again: 'Another visit will be planned',
  },
  accept: { title: 'On which day?', text: 'Once accepted, this visit is yours.', day: 'Planned day', go: 'Accept' },
  start: {
    title: 'Before you start', alone: 'You may go alone. Tell somebody where you are going.', pair: 'Please go in pairs.', police: 'Please go with the police. Call the police station first.', unknown: 'Think about whom to go with.',
    phone: 'Charge your phone and keep it on you.', doubt: 'If anything feels wrong, leave first, then call your supervisor or 110.', safe: 'Afterwards tap “I am back safe”, or your supervisor will look for you.', go: 'I am starting',
    not_taken: 'Address and telephone are not on this phone yet. Without a network you will not see them.',
  },
  postpone: { title: 'To which day?', reason: 'Why', go: 'Move it', done: 'Moved to {day}', limit: 'You may move it {n} more times.' },
  turn_back: { title: 'Could not go', reason: 'Why', go: 'Note it', done: 'Noted: turned back', road: 'The road', weather: 'The weather', doubt: 'It did not feel safe', other: 'Something else' },
  danger: {
    title: 'Is the child in danger now?', text: 'Call 110 first. The supervisor, the station and the centre will know at once.', call: 'Call 110', reason: 'What did you see', go: 'Report now', done: 'Danger is reported', sent_later: 'No network: this is sent before all else. Please call first!',
  },
  other: { reason: 'Reason', go: 'OK', done: 'Noted' },
  sheet: {
    comma: ', ', part: 'Step {n} of {of}', next: 'Next', previous: 'Back', leave: 'To the visit', phone: 'Saved on this phone', sent: 'Sent', saving: 'Saving…', stopped: 'Not accepted', failed: 'Not saved, please try again',
    optional: 'Fill in what you saw; the rest may stay empty.', part_met: 'Who was met', part_safety: 'Is the child safe', part_home: 'The home', part_child: 'The child', part_needs: 'What would help', part_words: 'In words', part_finish: 'Outcome',
    danger: 'You chose “danger”. Call 110 at once, then your supervisor. This is sent before all else.', findings_hint: 'What you saw and heard, as it was. No guesses.', wish_hint: 'In the child’s own words.', next_hint: 'What was agreed, who does it, by when.',
    long: 'This is too long, please shorten it', none: 'empty', read: 'This visit has been handed in and cannot be changed.',
  },
  finish: {
    title: 'Outcome of this visit', verified: 'Something needs attention', false_alarm: 'No problem found', refused: 'The family would not talk', nobody_home: 'Nobody was at home', refused_hint: 'Nobody is forced. Another visit will be planned.', nobody_home_hint: 'Another visit will be planned.',
    back_first: 'First say that you are back safe, then hand in.', missing: 'Still empty: {fields}', missing_hint: 'You may go back and fill it in, or hand in as it is.', go: 'Hand in', done: 'Recorded. Thank you', done_offline: 'Saved on this phone; it is sent once there is a network. Thank you',
    title_check: 'It cannot be changed afterwards', text_check: 'The sheet and the outcome go to your supervisor.', summary: 'The sheet', rivals: '{n} fields were filled in differently by two people. Please check them first.',
  },
  settle: {
    rivals: 'Two people wrote different things', rivals_text: 'Both are kept. Take one, or write it anew.', mine: 'Yours', theirs: 'Somebody else’s', theirs_named: 'By {name}', take_mine: 'Take mine', take_theirs: 'Take theirs', anew: 'Write anew', save: 'Save',
    hidden: 'You may not see what they wrote', empty: '(empty)', settled: 'Checked', settled_text: 'Nothing has to be checked any more.', stopped: 'Not accepted', stopped_text: 'The system did not take this. It is still on this phone; please decide.',
    server_now: 'In the system it is now: {state}', there_already: 'The system has this step already; nothing to do.', what_step: 'At {at} you tapped “{step}”', what_fields: 'At {at} you wrote', said: 'Why', retry: 'Try again', drop: 'Do not send', drop_already: 'All right',
    drop_title: 'Not send this at all?', drop_text: 'It is deleted from this phone for good.', unknown: 'The system did not say why', others: '{n} more wait for it.',
  },
  history: { text: 'Those that you may see.', planned: 'planned {day}', by: 'By', mine: 'me', read: 'Show the sheet' },
  notice: { unseen: 'new', old: 'No network. These are older notices' },
  road: {
    text: 'Before you go, keep names, addresses and telephones on this phone, so that you see them without a network.', audited: 'Each look is written down. Deleted when you hand in, after 72 hours at the latest.', none: 'No accepted visit', go: 'Take these {n} along', all: 'All taken along. You can go',
    has: 'taken along', lacks: 'not taken along', failed: 'Not opened: {why}', working: 'Opening {n} of {of}', drop: 'Delete all from this phone', button: 'Before you go',
  },
  me: {
    phone: 'This phone', kept: 'Visits kept: {n}', unsent: '{n} not sent yet', none_unsent: 'Everything is sent', taken: 'Names and addresses kept: {n}', lock: 'Lock', lock_text: 'It opens again with your password.',
    sessions: 'Devices and password', sign_out: 'Sign out', out_title: 'Sign out', out_text: 'What this phone keeps is deleted.', out_unsent: '{n} things have not been sent and would be lost! Please connect and send them first.', out_go: 'Sign out', out_lose: 'Sign out and lose them',
    store_open: 'sealed on this phone', store_missing: 'this browser cannot keep anything offline', display: 'Display',
  },
}
export default en
