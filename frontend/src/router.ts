/** The addresses of the page, and what a change of address does with scroll and focus. */
import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'

import { keepPlace, longEnough } from './composables/scroll'
import { valueIn } from './composables/useAddress'
import AboutLater from './pages/AboutLater.vue'
import EntityPage from './pages/EntityPage.vue'
import HomePage from './pages/HomePage.vue'
import MatchLater from './pages/MatchLater.vue'
import MissingPage from './pages/MissingPage.vue'
import QualityLater from './pages/QualityLater.vue'
import RecordPage from './pages/RecordPage.vue'
import RecordsPage from './pages/RecordsPage.vue'
import SearchPage from './pages/SearchPage.vue'
import StatsLater from './pages/StatsLater.vue'
import TopicLater from './pages/TopicLater.vue'
import WatchLater from './pages/WatchLater.vue'
import VerifyLater from './pages/VerifyLater.vue'

/** All pages but matching, figures, quality, receipts, that of the data and the lists of some kinds come with the first load: together they are light, and none can fail to arrive later. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: HomePage },
    { path: '/search', name: 'search', component: SearchPage },
    { path: '/entity/:id', name: 'entity', component: EntityPage },
    { path: '/records', name: 'records', component: RecordsPage },
    { path: '/record/:id', name: 'record', component: RecordPage },
    { path: '/match', name: 'match', component: MatchLater },
    { path: '/about', name: 'about', component: AboutLater },
    { path: '/notices', name: 'notices', component: TopicLater },
    { path: '/inspections', name: 'inspections', component: TopicLater },
    { path: '/powers', name: 'powers', component: TopicLater },
    { path: '/officers', name: 'officers', component: TopicLater },
    { path: '/stats', name: 'stats', component: StatsLater },
    { path: '/quality', name: 'quality', component: QualityLater },
    { path: '/watch/:id', name: 'watch', component: WatchLater },
    { path: '/verify', name: 'verify', component: VerifyLater },
    { path: '/:rest(.*)*', name: 'missing', component: MissingPage },
  ],
  /** Back, forward and reload go where the reader was; another search starts at the top; another filter moves nothing. */
  async scrollBehavior(to, from, saved) {
    await nextTick()
    if (saved) return (await longEnough(saved.top)) ? saved : false
    return to.path === from.path && valueIn(to.query, 'q') === valueIn(from.query, 'q') ? false : { top: 0 }
  },
})

/** Coming back from a company, the reader stands at its line in the list; elsewhere at the top of the new page. */
function focusAfter(to: RouteLocationNormalized, from: RouteLocationNormalized): void {
  const left = from.hash.slice(1) || String(from.params.id)
  const line = from.name === 'entity' ? document.getElementById(`hit-${left}`) : null
  const place = line ?? document.querySelector<HTMLElement>('main')
  if (to.name !== 'home') place?.focus({ preventScroll: true })
}

keepPlace()

router.afterEach(async (to, from, failure) => {
  if (failure || !from.name || to.path === from.path) return
  await nextTick()
  focusAfter(to, from)
})
