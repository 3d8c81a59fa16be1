package assembly

import (
	"os"
	"runtime/debug"
)

// garbage is how much may gather before it is collected, in percent of what
// lives. A program that does much at once on two processors spent an eighth of
// its time collecting with Go's own 100; with 200 it is a twelfth, for at most as
// much memory again as lives.
const garbage = 200

// EaseCollector has garbage collected less often than Go does by itself, unless
// GOGC in the environment says how often. Programs call it first.
func EaseCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
}
