// What can be wrong with the content, each mistake where it stands.

/** One mistake in the content. `file` is relative to the content folder, `line` is 1-based, `field` is a path such as `choices.2.ko`. */
export type Problem = { readonly file: string; readonly line: number; readonly field: string; readonly message: string }

/** The content has mistakes; `problems` names each with file, line and field. */
export class ContentError extends Error {
  override name = 'ContentError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(`the content has ${problems.length} problem(s):\n${problems.map(describeProblem).join('\n')}`)
    this.problems = problems
  }
}

export function describeProblem({ file, line, field, message }: Problem): string {
  return `${file}:${line}: ${field ? `${field}: ` : ''}${message}`
}
