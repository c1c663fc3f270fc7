// Runs in the page, as an expression: lists what is cut off, hard to read or without a name.
;(() => {
  const found = []
  if (document.documentElement.scrollWidth > innerWidth)
    found.push(`the page is ${document.documentElement.scrollWidth} wide`)
  if (document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollTop > 0)
    found.push('the page itself scrolls: its head is out of view')
  for (const card of document.querySelectorAll('.card'))
    if (card.scrollWidth > card.clientWidth + 1) found.push('a card is cut off')
  for (const line of document.querySelectorAll('.card > hr'))
    if (line.offsetWidth < (line.parentElement?.clientWidth ?? 0) / 2) found.push(`a line is ${line.offsetWidth} wide`)
  // WCAG 2 contrast of every text against the nearest painted ground.
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const luminance = (colour) => {
    const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
      const part = value / 255
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const ground = getComputedStyle(at).backgroundColor
      if (ground !== 'rgba(0, 0, 0, 0)') return ground
    }
    return 'rgb(255, 255, 255)'
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    if (!element || !node.textContent?.trim() || element.closest('script, style')) continue
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)} of "${node.textContent.trim().slice(0, 30)}"`)
  }
  for (const button of document.querySelectorAll('button, a, input')) {
    if (
      !(
        button.textContent?.trim() ||
        button.getAttribute('aria-label') ||
        document.querySelector(`label[for="${button.id}"]`)
      )
    ) {
      found.push(`no name: ${button.outerHTML.slice(0, 60)}`)
    }
  }
  return found
})()
