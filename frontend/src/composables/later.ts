/** A part of the page that arrives when it is opened. One that does not arrive may belong to a page that was replaced. */
import { defineAsyncComponent, h, type Component } from 'vue'

import StateMessage from '@/components/StateMessage.vue'
import { t } from '@/text/language'

const Away = () =>
  h('div', { class: 'page' }, [
    h(StateMessage, { title: t('later.title'), main: true, alert: true }, {
      default: () => h('p', t('later.text')),
      actions: () => h('button', { class: 'button button-main', type: 'button', onClick: () => location.reload() }, t('later.reload')),
    }),
  ])

/** The component; where it does not arrive, a message and a way to load all anew, which helps. */
export const later = (loader: () => Promise<Component>): Component => defineAsyncComponent({ loader, errorComponent: Away })
