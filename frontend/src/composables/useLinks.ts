/** Clicks on the links of a block that has hundreds of them: one listener, not a component for each of them. */
import { useRouter } from 'vue-router'

/** Follows the link that was clicked inside the page; whoever wants a window or a tab of its own gets that. */
export function useLinks(): (event: MouseEvent) => void {
  const router = useRouter()
  return (event) => {
    const address = event.target instanceof Element && event.target.closest('a')?.getAttribute('href')
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    if (!address || elsewhere || event.defaultPrevented) return
    event.preventDefault()
    void router.push(address)
  }
}
