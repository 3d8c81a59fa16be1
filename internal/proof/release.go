package proof

import "runtime/debug"

// commit is what the linker was told (-X gangway/internal/proof.commit=…), as Makefile and
// Dockerfile do: in a linked working tree go build finds no commit, and where an image is
// built there is no repository.
var commit string

// Release names the code of this binary: the first letters of the commit that it was
// built from. A worker leaves it in every history, so that one day somebody knows which
// code to replay that history with.
func Release() string {
	stamped := commit
	info, ok := debug.ReadBuildInfo()
	if ok && stamped == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				stamped = s.Value
			}
		}
	}
	if len(stamped) < releaseLetters {
		return Unnamed // run or tested, not built
	}
	return stamped[:releaseLetters]
}

// releaseLetters is how much of a commit's name a release is called by.
const releaseLetters = 8
