// The people of the playground: a visitor plays them all, to see how a board of several looks.

export type Persona = { readonly id: string; readonly name: string }

export const PERSONAS: readonly [Persona, ...Persona[]] = [
  { id: 'minji', name: '김민지' },
  { id: 'junho', name: '이준호' },
  { id: 'sora', name: '박소라' },
  { id: 'alex', name: 'Alex Chen' },
]
