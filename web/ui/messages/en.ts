// What the components themselves say, in English.
import type { Catalogue } from '../i18n'
import type zh from './zh'

const en: Catalogue<typeof zh> = {
  app: { name: 'Humiao', skip: 'Skip to the content', menu: 'Menu', navigation: 'Navigation', collapse: 'Collapse', expand: 'Expand', back: 'Back' },
  common: {
    ok: 'OK', cancel: 'Cancel', close: 'Close', save: 'Save', retry: 'Try again', more: 'Load more', yes: 'Yes', no: 'No', none: 'None',
    required: 'required', optional: 'optional', search: 'Search', loading: 'Loading…', print: 'Print', edit: 'Edit', remove: 'Remove',
    choose: 'Please choose', count: '{n} in all', all: 'All', today: 'Today', copied: 'Copied', copy: 'Copy',
  },
  state: {
    empty: 'Nothing here yet',
    error: 'Something went wrong',
    error_hint: 'Please try again later. If it stays like this, tell an administrator the number below.',
    request: 'Request {id}',
    offline: 'No network',
    offline_hint: 'This updates by itself once the network is back.',
    offline_bar: 'No network. You can go on working; it is sent once the network is back.',
    offline_bar_readonly: 'No network. This is what was there last.',
    unsent: '{n} not sent yet',
    sending: 'Sending {n}…',
    no_permission: 'You may not see this',
    no_permission_hint: 'If your work needs it, ask your superior or an administrator.',
    not_found: 'Not found, or not in your area',
  },
  field: { chosen: '{n} chosen', day_hint: 'For example 2026-07-01', day_wrong: 'Write year-month-day, for example 2026-07-01', too_long: 'At most {n} characters', needed: 'Please fill this in' },
  table: { sort_by: 'Sort by {name}', sorted_up: 'ascending', sorted_down: 'descending', rows: 'Table' },
  mask: {
    open: 'See {name}', tap: 'Tap to see', approval: 'Ask to see', glass: 'Emergency', closed: 'Cannot be seen', title: 'See “{name}”',
    why: 'What for?', reason: 'Reason', reason_hint: 'It is kept and may be reviewed', audited: 'Each look leaves a record.',
    glass_note: 'Only where a child is in danger. A superior reviews it by the end of tomorrow.', go: 'See it', ask: 'Ask', asked: 'Asked. It waits for approval.',
  },
  level: { of: 'Urgency: {name}' },
  preferences: {
    title: 'Display', language: 'Language', theme: 'Appearance', size: 'Text size', auto: 'Auto', light: 'Light', dark: 'Dark', normal: 'Normal',
    large: 'Large', larger: 'Larger',
  },
  session: {
    sign_out: 'Sign out', sessions: 'Signed-in devices', signed_in_as: '{name}', unlock_title: 'Your password, please', unlock_hint: 'There is no network. The password opens what this phone keeps.',
    unlock: 'Open', wrong_password: 'That is not the password', password: 'Password', wipe_title: '{n} not sent yet', wipe_text: 'Signing out deletes what this device keeps. What was not sent is lost.',
    wipe_go: 'Sign out all the same',
  },
  update: { ready: 'There is a new version', go: 'Update' },
  toast: { region: 'Notices', close: 'Close this notice' },
}

export default en
