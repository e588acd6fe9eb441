/** A part of the page that arrives when it is opened. One that does not arrive may belong to a page that was replaced. */
import { defineAsyncComponent, h, type Component } from 'vue'

import StateMessage from '@/components/StateMessage.vue'

const Away = () =>
  h('div', { class: 'page' }, [
    h(StateMessage, { title: '这一页没有载入', main: true, alert: true }, {
      default: () => h('p', '请检查网络；也可能网页刚刚更新过。'),
      actions: () => h('button', { class: 'button button-main', type: 'button', onClick: () => location.reload() }, '重新载入'),
    }),
  ])

/** The component; where it does not arrive, a message and a way to load all anew, which helps. */
export const later = (loader: () => Promise<Component>): Component => defineAsyncComponent({ loader, errorComponent: Away })
