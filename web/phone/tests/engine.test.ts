import { describe, expect, test } from 'vitest'
import { Disk, Phone, Server, type Weather } from './fake'
import { rivalries } from '../core/merge'

async function road(): Promise<{ server: Server; disk: Disk; phone: Phone }> {
  const server = new Server()
  const disk = new Disk()
  server.addAlert('1', '91')
  server.addVisit('2', '92')
  const phone = new Phone(server, disk)
  await phone.open()
  await phone.settle()
  return { server, disk, phone }
}

const value = (server: Server, visit: string, field: string) =>
  server.visits.get(visit)?.values?.find((one) => one.field === field && one.standing === 'in_force')?.value

describe('without network', () => {
  test('an alert is accepted, visited and recorded, days offline; all of it arrives in order', async () => {
    const { server, phone } = await road()
    phone.weather = () => 'no_request'
    await phone.engine.step(phone.card('alert-1'), 'accept', { day: '2026-11-24' })
    expect(phone.card('alert-1')).toMatchObject({ kind: 'visit', state: 'planned', planned: '2026-11-24', tab: 'todo', steps: ['start', 'postpone', 'danger'] })
    await phone.engine.step(phone.card('alert-1'), 'start')
    expect(phone.card('alert-1')).toMatchObject({ state: 'under_way', tab: 'under_way', steps: ['check_in', 'turn_back', 'danger'] })
    await phone.engine.edit(phone.card('alert-1'), 'met', 'child')
    await phone.engine.edit(phone.card('alert-1'), 'met', 'child,guardian')
    await phone.engine.step(phone.card('alert-1'), 'check_in')
    await phone.engine.edit(phone.card('alert-1'), 'findings', 'all is well')
    await phone.engine.step(phone.card('alert-1'), 'record', { outcome: 'verified' })
    await phone.settle(3 * 86_400_000)
    expect(phone.card('alert-1')).toMatchObject({ state: 'recorded', tab: 'done', outcome: 'verified' })
    expect(phone.engine.link).toBe('offline')
    expect([...phone.engine.done.values()]).toMatchObject([{ child: '91', outcome: 'verified', sent: false }])

    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect(server.log).toEqual(['1 accept', '1000 start', '1000 met=child,guardian', '1000 check_in', '1000 findings=all is well', '1000 record', '1000 record ok'])
    expect(phone.engine.unsent).toBe(0)
    expect(phone.engine.link).toBe('idle')
    expect([...phone.engine.done.values()]).toMatchObject([{ visit: '1000', sent: true }])
  })

  test('what was done is there again after the phone was switched off', async () => {
    const { disk, server, phone } = await road()
    phone.weather = () => 'no_request'
    await phone.engine.step(phone.card('visit-2'), 'start')
    await phone.engine.edit(phone.card('visit-2'), 'mood', 'poor')
    const other = new Phone(server, disk, 'z')
    other.weather = () => 'no_request'
    await other.open()
    expect(other.card('visit-2')).toMatchObject({ state: 'under_way', unsent: 2 })
    other.weather = () => 'fine'
    await other.engine.wake()
    await other.settle()
    expect(value(server, '2', 'mood')).toBe('poor')
    expect(other.engine.unsent).toBe(0)
  })

  test('the visit last worked on goes first, one that tells of danger before it', async () => {
    const { server, phone } = await road()
    server.addVisit('3', '93')
    await phone.engine.sync()
    await phone.settle()
    phone.weather = () => 'no_request'
    await phone.engine.step(phone.card('visit-2'), 'start')
    phone.now += 1000
    await phone.engine.step(phone.card('visit-3'), 'start')
    phone.weather = () => 'fine'
    server.log = []
    await phone.engine.wake()
    await phone.settle()
    expect(server.log).toEqual(['3 start', '2 start'])

    phone.weather = () => 'no_request'
    await phone.engine.edit(phone.card('visit-2'), 'safety', 'danger')
    phone.now += 1000
    await phone.engine.edit(phone.card('visit-3'), 'mood', 'good')
    phone.weather = () => 'fine'
    server.log = []
    await phone.engine.wake()
    await phone.settle()
    expect(server.log).toEqual(['2 safety=danger', '3 mood=good'])
  })

  test('an answer that was lost is asked for again, and nothing is done twice', async () => {
    const { server, phone } = await road()
    const weather: Weather[] = ['no_answer', 'no_answer', 'fine', 'fine']
    phone.weather = () => weather.shift() ?? 'fine'
    await phone.engine.step(phone.card('visit-2'), 'start')
    await phone.settle(60_000)
    expect(server.log).toEqual(['2 start'])
    expect(phone.card('visit-2')).toMatchObject({ state: 'under_way', unsent: 0, stopped: 0 })
  })

  test('pauses grow', async () => {
    const { phone } = await road()
    let asked = 0
    phone.weather = () => { asked++; return 'no_request' }
    await phone.engine.step(phone.card('visit-2'), 'start')
    await phone.settle(3_600_000)
    expect(asked).toBeGreaterThan(10)
    expect(asked).toBeLessThan(30)
  })

  test('a server that fails for one visit does not hold the others', async () => {
    const { server, phone } = await road()
    server.addVisit('3', '93')
    await phone.engine.sync()
    await phone.settle()
    const step = server.visitStep.bind(server)
    server.visitStep = (id, body) => id === '3' ? Server.refuse(500, 'HM-5001') : step(id, body)
    server.once = (_key, _body, act) => act()
    phone.weather = () => 'no_request'
    await phone.engine.step(phone.card('visit-2'), 'start')
    phone.now += 1000
    await phone.engine.step(phone.card('visit-3'), 'start')
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect(server.visits.get('2')?.state).toBe('under_way')
    expect(phone.card('visit-3')).toMatchObject({ unsent: 1, stopped: 0 })
    server.visitStep = step
    await phone.settle(60_000)
    expect(server.visits.get('3')?.state).toBe('under_way')
  })
})

describe('edits of one field', () => {
  test('several edits, some on their way, are one line of versions and no rival', async () => {
    const { server, phone } = await road()
    const weather: Weather[] = ['no_answer']
    phone.weather = () => weather.shift() ?? 'no_request'
    await phone.engine.edit(phone.card('visit-2'), 'mood', 'good')
    await phone.settle()
    await phone.engine.edit(phone.card('visit-2'), 'mood', 'fair')
    await phone.engine.edit(phone.card('visit-2'), 'mood', 'poor')
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect(value(server, '2', 'mood')).toBe('poor')
    expect(server.visits.get('2')?.values?.filter((one) => one.standing === 'rival')).toEqual([])
    expect(server.visits.get('2')?.values).toHaveLength(2)
  })

  test("another's value is kept beside mine until I settle it, and my later edits replace nothing unseen", async () => {
    const { server, phone } = await road()
    await phone.engine.fetch('2')
    server.fill('2', [{ field: 'findings', base: 0, value: 'theirs' }], '8')
    const weather: Weather[] = ['no_answer']
    phone.weather = () => weather.shift() ?? 'no_request'
    await phone.engine.edit(phone.card('visit-2'), 'findings', 'mine')
    await phone.settle()
    await phone.engine.edit(phone.card('visit-2'), 'findings', 'mine, more')
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect(value(server, '2', 'findings')).toBe('theirs')
    const card = phone.card('visit-2')
    expect(card.rivals).toBe(1)
    const [rivalry] = rivalries(phone.engine.visits.get('2') ?? null, phone.engine.thread('visit-2'), '7')
    expect(rivalry).toMatchObject({ field: 'findings', base: 1, settled: false, force: { value: 'theirs', mine: false } })
    expect(rivalry?.rivals.map((one) => one.value)).toEqual(['mine', 'mine, more'])
    if (!rivalry) throw new Error()
    phone.weather = () => 'no_request'
    await phone.engine.merge(card, rivalry, 'theirs and mine')
    expect(phone.card('visit-2').rivals).toBe(0)
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect(value(server, '2', 'findings')).toBe('theirs and mine')
    expect(server.visits.get('2')?.values?.filter((one) => one.standing === 'rival')).toEqual([])
    expect(phone.card('visit-2')).toMatchObject({ rivals: 0, unsent: 0 })
  })

  test('an edit after the answer stands upon it', async () => {
    const { server, phone } = await road()
    for (const word of ['good', 'fair', 'poor']) {
      await phone.engine.edit(phone.card('visit-2'), 'mood', word)
      await phone.settle()
    }
    expect(server.visits.get('2')?.values?.map((one) => one.standing)).toEqual(['replaced', 'replaced', 'in_force'])
  })

  test('only the field that the server refuses stays behind, and it is shown', async () => {
    const { server, phone } = await road()
    phone.weather = () => 'no_request'
    await phone.engine.edit(phone.card('visit-2'), 'mood', 'good')
    await phone.engine.edit(phone.card('visit-2'), 'wish', 'BAD')
    await phone.engine.edit(phone.card('visit-2'), 'next', 'call again')
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect([value(server, '2', 'mood'), value(server, '2', 'wish'), value(server, '2', 'next')]).toEqual(['good', undefined, 'call again'])
    expect(phone.card('visit-2')).toMatchObject({ unsent: 1, stopped: 1 })
    await phone.engine.edit(phone.card('visit-2'), 'wish', 'a bicycle')
    await phone.settle()
    // It stood upon the one that was refused: a person decides that first.
    const stopped = phone.engine.thread('visit-2').find((one) => one.stopped)
    if (!stopped) throw new Error()
    await phone.engine.giveUp(stopped)
    await phone.settle()
    expect(value(server, '2', 'wish')).toBe('a bicycle')
    expect(phone.engine.unsent).toBe(0)
  })
})

describe('what the server does not take', () => {
  test('a step that is no longer possible is put before the person with the state of the server', async () => {
    const { server, phone } = await road()
    phone.weather = () => 'no_request'
    await phone.engine.step(phone.card('visit-2'), 'start')
    await phone.engine.edit(phone.card('visit-2'), 'mood', 'good')
    server.visitStep('2', { event: 'start' })
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    const [stopped] = phone.engine.thread('visit-2')
    expect(stopped?.stopped?.problem.code).toBe('HM-1207')
    expect(phone.engine.visits.get('2')?.state).toBe('under_way')
    expect(value(server, '2', 'mood')).toBe('good')
    expect(phone.card('visit-2')).toMatchObject({ state: 'under_way', stopped: 1 })
    if (stopped) await phone.engine.giveUp(stopped)
    expect(phone.engine.unsent).toBe(0)
  })

  test('an alert that was recalled meanwhile: nothing that was written for it is lost silently', async () => {
    const { server, phone } = await road()
    phone.weather = () => 'no_request'
    await phone.engine.step(phone.card('alert-1'), 'accept')
    await phone.engine.step(phone.card('alert-1'), 'start')
    await phone.engine.edit(phone.card('alert-1'), 'mood', 'good')
    server.handOver('1')
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect(phone.card('alert-1')).toMatchObject({ gone: true, unsent: 3, stopped: 1, steps: [] })
    const accept = phone.engine.thread('alert-1').find((one) => one.stopped)
    if (accept) await phone.engine.giveUp(accept)
    expect(phone.card('alert-1')).toMatchObject({ unsent: 2, stopped: 2 })
    for (const one of phone.engine.thread('alert-1')) await phone.engine.giveUp(one)
    expect(phone.engine.cards.map((card) => card.thread)).toEqual(['visit-2'])
  })

  test('signing in again carries on with all that was kept', async () => {
    const { server, phone } = await road()
    phone.weather = () => 'signed_out'
    await phone.engine.step(phone.card('visit-2'), 'start')
    await phone.settle()
    expect(phone.engine.link).toBe('signed_out')
    await phone.engine.edit(phone.card('visit-2'), 'mood', 'good')
    await phone.settle(3_600_000)
    expect(phone.engine.unsent).toBe(2)
    phone.weather = () => 'fine'
    await phone.engine.resume('7')
    await phone.settle()
    expect(server.log).toEqual(['2 start', '2 mood=good'])
  })

  test("nobody else's session sends it", async () => {
    const { server, phone } = await road()
    phone.weather = () => 'signed_out'
    await phone.engine.step(phone.card('visit-2'), 'start')
    await phone.settle()
    phone.weather = () => 'fine'
    await phone.engine.resume('8')
    await phone.settle()
    expect(server.log).toEqual([])
    expect(phone.engine.unsent).toBe(1)
  })
})

describe('what is gone', () => {
  test('leaves the phone', async () => {
    const { server, disk, phone } = await road()
    await phone.engine.fetch('2')
    server.handOver('2')
    await phone.engine.sync()
    await phone.settle()
    expect(phone.engine.cards.map((card) => card.thread)).toEqual(['alert-1'])
    expect([...disk.rows.keys()].filter((key) => key.includes('visit'))).toEqual([])
  })

  test('stays while something of it has not been sent', async () => {
    const { server, phone } = await road()
    phone.weather = () => 'no_request'
    await phone.engine.edit(phone.card('visit-2'), 'findings', 'seen')
    server.handOver('2')
    phone.weather = () => 'fine'
    await phone.engine.wake()
    await phone.settle()
    expect(phone.card('visit-2')).toMatchObject({ gone: true, unsent: 1, stopped: 1 })
  })

  test('what was taken along leaves with the record, and after 72 hours', async () => {
    const { disk, phone } = await road()
    const taken = { child: '92', name: '陈小明', address: '村口', contacts: [], openedAt: phone.now }
    await phone.engine.take({ ...taken, thread: 'visit-2' })
    await phone.engine.take({ ...taken, thread: 'alert-1' })
    phone.weather = () => 'no_request'
    for (const event of ['start', 'check_in']) await phone.engine.step(phone.card('visit-2'), event)
    expect(phone.engine.taken.map.size).toBe(2)
    await phone.engine.step(phone.card('visit-2'), 'record', { outcome: 'verified' })
    expect([...phone.engine.taken.map.keys()]).toEqual(['alert-1'])
    phone.now += 72 * 3_600_000
    await phone.engine.forget()
    expect([...disk.rows.keys()].filter((key) => key.startsWith('taken/'))).toEqual([])
  })
})

test('an opened name is on the disk in what was taken along and nowhere else', async () => {
  const { server, disk, phone } = await road()
  const item = server.item.bind(server)
  server.item = (id) => ({ ...item(id), name: '陈小禾', masked: {} })
  server.visits.get('2')!.name = '陈小禾'
  await phone.engine.fetch('2')
  await phone.engine.resume('7')
  await phone.settle()
  await phone.engine.step(phone.card('visit-2'), 'start')
  await phone.engine.step(phone.card('visit-2'), 'check_in')
  await phone.engine.step(phone.card('visit-2'), 'record', { outcome: 'verified' })
  await phone.settle()
  expect(JSON.stringify([...disk.rows])).not.toContain('小禾')
  expect([...phone.engine.done.values()][0]?.name).toBe('陈**')
})

test('a full disk is told, and does not pass for saved', async () => {
  const { disk, phone } = await road()
  phone.weather = () => 'no_request'
  disk.full = true
  await expect(phone.engine.edit(phone.card('visit-2'), 'mood', 'good')).rejects.toThrow('full')
})

test('notices that were read are told once', async () => {
  const { server, phone } = await road()
  phone.weather = () => 'no_request'
  phone.engine.seen('5')
  phone.engine.seen('6')
  await phone.settle()
  expect(phone.engine.unsent).toBe(0)
  phone.weather = () => 'fine'
  await phone.engine.wake()
  await phone.settle()
  expect(server.log.filter((line) => line.startsWith('seen'))).toEqual(['seen 6'])
})

test('what another wrote in the second in which the copy was read is asked for once more, and not for ever', async () => {
  const { server, phone } = await road()
  let asked = 0
  const work = server.work.bind(server)
  server.work = () => {
    const answer = work(null)
    if (answer.ok) answer.body.now = new Date(phone.now).toISOString().slice(0, 19) + 'Z'
    return answer
  }
  await phone.engine.sync()
  const visit = server.visits.get('2')
  if (!visit) throw new Error()
  visit.changed = new Date(phone.now).toISOString().slice(0, 19) + 'Z'
  await phone.engine.fetch('2')
  visit.values?.push({ id: '900', field: 'mood', version: 1, base: 0, standing: 'rival', account: '8', value: 'poor' })
  const fetch = phone.engine.fetch.bind(phone.engine)
  phone.engine.fetch = (id) => { asked++; return fetch(id) }
  phone.now += 700
  await phone.engine.sync()
  await phone.settle()
  expect(phone.card('visit-2').rivals).toBe(1)
  for (let i = 0; i < 5; i++) {
    phone.now += 5_000
    await phone.engine.sync()
    await phone.settle()
  }
  expect(asked).toBeLessThanOrEqual(2)
})
