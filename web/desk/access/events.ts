// What the trail tells of, by name (src/access/events.def); tests/town.test.ts holds the two together.
export const EVENTS = [
  'database.created', 'register.loaded', 'records.ingested', 'clock.ticked', 'person.erased', 'heads.linked',
  'server.started', 'server.stopped', 'account.created', 'account.changed', 'account.disabled', 'account.enabled',
  'password.set', 'totp.set', 'totp.cleared', 'session.began', 'session.refused', 'session.ended', 'session.revoked',
  'children.listed', 'child.read', 'children.searched', 'child.assigned', 'child.unassigned', 'trace.read',
  'opening.asked', 'opening.granted', 'opening.refused', 'opening.ended', 'glass.broken', 'glass.reviewed',
  'alarm.raised', 'alarm.seen', 'trail.read', 'trail.verified', 'key.added', 'key.retired', 'key.master_replaced',
  'key.resealed', 'configuration.changed', 'work.listed', 'alerts.listed', 'alert.read', 'alert.stepped',
  'visit.read', 'visit.stepped', 'visit.saved', 'visit.planned', 'timeline.read', 'coming.listed', 'reviews.listed',
  'wave.ordered', 'wave.changed', 'duty.changed', 'deadlines.fired',
  'feeds.read', 'delivery.received', 'delivery.held', 'delivery.decided', 'delivery.rejected', 'quarantine.read',
  'quarantine.mended', 'quarantine.returned', 'quarantine.set_aside', 'feed.mapped', 'feed.token_made',
  'feed.token_ended', 'feed.covered', 'feed.silent',
] as const
