// The service worker: registered where there may be one; a new version is offered, and taken when somebody says so.
import { toast } from './toast'

export function registerWorker(words: { ready: () => string; go: () => string }): void {
  if (!('serviceWorker' in navigator) || !window.isSecureContext || import.meta.env.DEV) return
  let reloading = false

  function offer(registration: ServiceWorkerRegistration): void {
    const worker = registration.waiting
    if (!worker || !navigator.serviceWorker.controller) return
    toast.tell(words.ready(), { label: words.go(), run: () => worker.postMessage('take over') }, true)
  }

  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (reloading || !hadController) return
    reloading = true
    location.reload()
  })
  const hadController = Boolean(navigator.serviceWorker.controller)
  navigator.serviceWorker
    .register('/worker.js', { scope: '/', updateViaCache: 'none' })
    .then((registration) => {
      offer(registration)
      registration.addEventListener('updatefound', () => {
        const coming = registration.installing
        coming?.addEventListener('statechange', () => {
          if (coming.state === 'installed') offer(registration)
        })
      })
      // A phone's app stays open for days.
      document.addEventListener('visibilitychange', () => {
        if (!document.hidden) registration.update().catch(() => {})
      })
    })
    .catch(() => {}) // online only, then
}
