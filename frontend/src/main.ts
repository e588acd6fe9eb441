import { createApp } from 'vue'

import App from './App.vue'
import { router } from './router'
import { startLanguage } from './text/language'
import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/print.css'

// The language first, so that nobody sees one turn into the other. It never fails: what does not arrive leaves Chinese.
void startLanguage().then(() => createApp(App).use(router).mount('#app'))
