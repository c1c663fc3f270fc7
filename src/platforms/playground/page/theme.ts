// Light, dark, or as the system has it.

const themes = [...document.querySelectorAll<HTMLButtonElement>('[data-theme-choice]')]
function setTheme(theme: string): void {
  localStorage.setItem('theme', theme)
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  for (const button of themes) button.setAttribute('aria-pressed', String(button.dataset['themeChoice'] === theme))
}
for (const button of themes) button.addEventListener('click', () => setTheme(button.dataset['themeChoice'] ?? 'auto'))
setTheme(localStorage.getItem('theme') ?? 'auto')
