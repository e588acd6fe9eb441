/** The addresses of the page, and what a change of address does with scroll and focus. */
import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'

import HomePage from './pages/HomePage.vue'
import SearchPage from './pages/SearchPage.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: HomePage },
    { path: '/search', name: 'search', component: SearchPage },
    { path: '/entity/:id', name: 'entity', component: () => import('./pages/EntityPage.vue') },
    { path: '/records', name: 'records', component: () => import('./pages/RecordsPage.vue') },
    { path: '/about', name: 'about', component: () => import('./pages/AboutPage.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
  ],
  /** Back and forward go where the reader was; another search starts at the top; another filter moves nothing. */
  async scrollBehavior(to, from, saved) {
    await nextTick()
    if (saved) return saved
    return to.path === from.path && to.query.q === from.query.q ? false : { top: 0 }
  },
})

/** Coming back from a company, the reader stands at its line in the list; elsewhere at the top of the new page. */
function focusAfter(to: RouteLocationNormalized, from: RouteLocationNormalized): void {
  const left = from.hash.slice(1) || String(from.params.id)
  const line = from.name === 'entity' ? document.getElementById(`hit-${left}`) : null
  const place = line ?? document.querySelector<HTMLElement>('main')
  if (to.name !== 'home') place?.focus({ preventScroll: true })
}

router.afterEach(async (to, from, failure) => {
  if (failure || !from.name || to.path === from.path) return
  await nextTick()
  focusAfter(to, from)
})
