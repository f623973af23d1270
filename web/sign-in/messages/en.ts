import type { Catalogue } from '@ui/i18n'
import type zh from './zh'

const en: Catalogue<typeof zh> = {
  sign_in: {
    title: 'Sign in', product: 'Protection of children in need', account: 'Account', password: 'Password', go: 'Sign in', code: 'Code', code_hint: 'Six digits of your authenticator',
    display: 'Display', lost: 'Password forgotten, or another phone? Ask an administrator.',
    offline_title: 'No network', offline_open: 'Open what this phone keeps, without a network',
    password_title: 'A new password first', password_text: 'This password was given to you by somebody. Take one that only you know.', current: 'The present password', fresh: 'The new password',
    fresh_hint: 'At least 10 characters. A few words in a row are easy to keep and hard to guess.', again: 'The new password once more', differ: 'The two are not the same', short: 'At least 10 characters', set: 'Set the password',
    totp_title: 'A second factor first', totp_text: 'Your account may do much. Besides the password, signing in asks for a code.', totp_begin: 'Begin', totp_scan: 'Scan this with your authenticator', totp_key: 'Cannot scan? Type this key',
    totp_confirm: 'Confirm', totp_code: 'Six digits that it shows', qr: 'QR code of the second factor',
    sessions: 'Signed-in devices', sessions_text: 'End what you do not know, or a phone that was lost.', current_one: 'this one', began: 'Signed in', seen: 'Last used', ends: 'Ends by', end: 'End', ended: 'It has ended',
    end_title: 'End this session?', end_text: 'That device has to sign in again.', device: 'Device', second: 'Second factor', back: 'Back to work',
    change_password: 'Change the password', changed: 'The password is changed; other devices are signed out.',
    unsent_title: '{n} changes on this device were not sent', unsent_other: 'They are of the account “{account}”. Going on deletes them. Better let that account sign in first.',
    unsent_same: 'They were kept under your old password. Give it to keep them; without it they are deleted.', old_password: 'Old password', keep: 'Keep them and go on', drop: 'Delete them and go on', other_account: 'Sign in with another account', wrong_old: 'That is not the old password',
    preparing: 'Preparing this phone…',
  },
}

export default en
