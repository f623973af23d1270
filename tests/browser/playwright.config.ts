// The pages in Debian's Chromium, over a server and a small district of their own (district.ts).
//
//     npx playwright test --config tests/browser                    all of it
//     npx playwright test --config tests/browser loop.spec.ts       one file
//
// HUMIAO_SCREENSHOTS=DIR keeps a picture of each page that is come to; HUMIAO_BROWSER_FOLDER=DIR (absolute) holds the
// district and what a failed test leaves, so that two runs do not get into each other's way.
import { defineConfig } from '@playwright/test'

const chromium = process.env.HUMIAO_CHROMIUM ?? '/usr/bin/chromium'

export default defineConfig({
  testDir: '.',
  outputDir: process.env.HUMIAO_BROWSER_FOLDER ? `${process.env.HUMIAO_BROWSER_FOLDER}/results` : '../../build/browser/results',
  globalSetup: './setup.ts',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1, // one district, one clock: tests follow each other
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  reporter: [['list'], ['junit', { outputFile: process.env.HUMIAO_REPORT ?? '../../build/browser/report.xml' }]],
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'off',
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
    },
  },
})
