// Before all tests: a district, its accounts, and a server over it; ended when the tests end.
import { District } from './district'

export default async function setup(): Promise<() => Promise<void>> {
  const district = new District()
  await district.make()
  await district.serve()
  process.env.HUMIAO_BROWSER_DISTRICT = JSON.stringify(district.told())
  return () => district.stop()
}
