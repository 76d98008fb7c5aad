import type { Plugin } from 'vite'

const order = '@layer reset,tokens,ui,features;'

/** Begins each built style sheet with the order of the layers, since which of them comes first is not certain. */
export function layerOrder(): Plugin {
  return {
    name: 'bangui-layer-order',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle))
        if (output.type === 'asset' && output.fileName.endsWith('.css')) output.source = order + output.source
    },
  }
}
