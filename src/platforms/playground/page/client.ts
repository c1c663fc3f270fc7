// The page's behaviour: sends lines and presses, shows what comes back, follows the channel. Served without its types.

import './theme.ts'
import './sending.ts'
import './stream.ts'
