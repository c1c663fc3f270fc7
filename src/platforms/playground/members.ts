// The people of the playground: a visitor plays them all, to see how a board of several looks.

export type Persona = { readonly id: string; readonly name: string; readonly isAdmin: boolean }

export const PERSONAS: readonly [Persona, ...Persona[]] = [
  { id: 'minji', name: '김민지', isAdmin: true },
  { id: 'junho', name: '이준호', isAdmin: false },
  { id: 'sora', name: '박소라', isAdmin: false },
  { id: 'alex', name: 'Alex Chen', isAdmin: false },
]
