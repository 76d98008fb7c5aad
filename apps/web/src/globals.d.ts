/// <reference types="vite/client" />

/** The version of BanGUI that this page was built from. */
declare const __BANGUI_VERSION__: string

/** The world as `scripts/world-shapes.ts` draws it: code, path, x, y and area of each shape. */
declare module 'virtual:world-*' {
  export const units: number
  export const shapes: readonly (readonly [string, string, number, number, number])[]
}
