/** What the runner and the embedded engine both need of the machine that they run on. */
export { openFolders } from './open-folders.js';
export { identify, isAlive, type ProcessIdentity } from './process-identity.js';
