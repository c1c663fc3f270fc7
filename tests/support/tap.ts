// A wire to a server that can be cut at a chosen moment: before a message gets through, or after.

import * as net from 'node:net'

export type Tap = {
  readonly port: number
  /** Cuts the connection that sends this text, once: before the server gets it, or when it got it and only the answer is lost. */
  cutAt(text: string, when: 'before' | 'after'): void
  close(): Promise<void>
}

/** Listens on a free port and passes everything on to another one of this machine. */
export async function startTap(target: number): Promise<Tap> {
  let cut: { text: string; when: 'before' | 'after' } | undefined
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const upstream = net.connect(target, '127.0.0.1')
    let isMute = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      // Whichever side ends, the other one goes with it; an error is one more way to end.
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes) => {
      const isTheOne = cut !== undefined && bytes.includes(cut.text)
      const when = isTheOne ? cut?.when : undefined
      if (isTheOne) cut = undefined
      if (when === 'before') return void client.destroy()
      isMute = when === 'after'
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      // The server has answered, so it has done what it was asked.
      if (isMute) client.destroy()
      else client.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the tap has no port')
  return {
    port: address.port,
    cutAt: (text, when) => {
      cut = { text, when }
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
