/// <reference types="vite/client" />

/** The version of BanGUI that this page was built from. */
declare const __BANGUI_VERSION__: string
