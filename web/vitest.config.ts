import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// HUMIAO_REPORT=FILE: a report as JUnit has them, beside what is printed.
const report = process.env.HUMIAO_REPORT

export default defineConfig({
  root: here('.'),
  cacheDir: here('../node_modules/.vite'),
  plugins: [vue()],
  resolve: { alias: { '@ui': here('./ui') } },
  test: { include: ['**/*.test.ts'], environment: 'node', setupFiles: [here('./vitest.setup.ts')],
    reporters: report ? ['default', ['junit', { outputFile: report }]] : ['default'],
  },
})
