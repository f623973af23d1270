// Four pages, one build: the sign-in page at /, and /phone/, /desk/, /gallery/. web/tools/build.mjs runs it, then makes
// the service worker and the compressed copies.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Few files, as each is a question to the server: what all pages share, and what each has for itself. */
function part(id: string): string | undefined {
  if (id.includes('/node_modules/')) return /[/](uqr|fake-indexeddb)[/]/.test(id) ? undefined : 'shared'
  if (id.includes('plugin-vue:export-helper') || id.includes('vite/preload-helper')) return 'shared'
  if (id.includes('/web/ui/store/')) return 'store'
  if (id.includes('/web/ui/')) return 'ui'
  return undefined
}

export default defineConfig({
  root: here('.'),
  cacheDir: here('../node_modules/.vite'),
  base: '/',
  appType: 'mpa',
  plugins: [vue()],
  resolve: { alias: { '@ui': here('./ui') } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    // Messages become trees, never code: the pages' Content-Security-Policy allows no eval.
    __INTLIFY_JIT_COMPILATION__: 'true',
  },
  build: {
    outDir: here('../build/web'),
    emptyOutDir: true,
    target: 'es2020', // the WebViews of WeChat and DingTalk lag behind browsers
    assetsInlineLimit: 0, // no data: addresses: the policy for pages names 'self' alone
    cssCodeSplit: true,
    manifest: true,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: { manualChunks: part },
      input: {
        'sign-in': here('./index.html'),
        phone: here('./phone/index.html'),
        desk: here('./desk/index.html'),
        gallery: here('./gallery/index.html'),
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8480' } },
})
