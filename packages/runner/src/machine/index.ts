/** The access to the machine that both the runner and the embedded engine need. */
export { openFolders } from './open-folders.js';
export { identify, isAlive, type ProcessIdentity } from './process-identity.js';
