package custody

import (
	"slices"
	"time"

	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// Why is why something was not done, or could not be seen.
type Why string

// Reasons.
const (
	WhyNotSetUp   Why = "not-set-up"  // gangway may call no GitHub
	WhyNoGit      Why = "no-git"      // the machine has no git
	WhyNoLFS      Why = "no-git-lfs"  // the repository has large files, and the machine nothing that fetches them
	WhyTooLarge   Why = "too-large"   // larger than what one copy may be
	WhyTooSlow    Why = "too-slow"    // it took longer than one copy may
	WhyDamaged    Why = "damaged"     // git's own check of the copy found faults
	WhyDiffers    Why = "differs"     // what was restored is not what was copied
	WhyNoCopy     Why = "no-copy"     // there is none to restore, or to read the history from
	WhyPermission Why = "permission"  // Passage.Needs says which, where GitHub does
	WhySignIn     Why = "sign-in"     // the token is no good, or not let in by single sign-on
	WhyHidden     Why = "hidden"      // not there, or hidden: GitHub answers the same
	WhyNoName     Why = "no-name"     // what the list calls it is no name that GitHub gives
	WhyMoved      Why = "moved"       // it has another name or owner now
	WhyOther      Why = "another"     // another repository has the name now
	WhyPartial    Why = "partial"     // GitHub showed a part of a list
	WhyRefused    Why = "refused"     // GitHub said no for a reason of its own
	WhyNameTaken  Why = "name-taken"  // who receives it has one of that name
	WhyFork       Why = "fork"        // who receives it has a fork of it
	WhyAcceptance Why = "acceptance"  // GitHub wrote to somebody, who has to accept within a day
	WhyUnderWay   Why = "under-way"   // GitHub goes on with it
	WhyNotAsked   Why = "not-asked"   // nobody has asked GitHub yet
	WhyNobody     Why = "nobody"      // none of those who wrote it is known as the vendor's
	WhyNotListed  Why = "not-listed"  // the list has no such repository
	WhyEmpty      Why = "empty"       // there is nothing in it
	WhyUnreadable Why = "unreadable"  // git failed, and did not say why in words that we know
	WhyPersonal   Why = "not-an-org"  // packages are listed of organisations alone
	WhyRehearsed  Why = "rehearsed"   // it is a drill, in which nothing is transferred
	WhyListed     Why = "listed-only" // it is named in the evidence, and was not copied
)

// ListKind says that a document is a List.
const ListKind = "gangway repositories 1"

// List is the repositories that an exit has to see to.
type List struct {
	Kind  string `json:"kind"`
	Items []Item `json:"items"`
}

// Item is one of them, under the id of its asset.
type Item struct {
	Asset      string               `json:"asset"`
	Repository inventory.Repository `json:"repository"`
}

// Part is one thing that a copy is made of: the repository itself, its wiki, its large
// files, and lists of what else is there.
type Part struct {
	Kind  exit.AssetKind `json:"kind"`
	State exit.State     `json:"state"`
	Why   Why            `json:"why,omitempty"`
	// Document is the digest of the copy, Size its bytes.
	Document string `json:"document,omitempty"`
	Size     int64  `json:"size,omitempty"`
	// Refs is the SHA-256 over the sorted names of branches, tags, notes and pull
	// requests with what each is at; References counts them, Objects what they reach.
	Refs       string `json:"refs,omitempty"`
	References int    `json:"references,omitempty"`
	Objects    int    `json:"objects,omitempty"`
	// Head is the branch that a clone begins with.
	Head string `json:"head,omitempty"`
	// Entries are what a list holds.
	Entries []Entry `json:"entries,omitempty"`
}

// Entry is a release, a file of one, or a package: named, and not copied.
type Entry struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Size   int64  `json:"size,omitempty"`
	Digest string `json:"digest,omitempty"` // as GitHub says it
}

// Copy is a copy of a repository that was filed, and what it is made of. The first part
// is the repository itself.
type Copy struct {
	Item
	At    time.Time           `json:"at"`
	State exit.State          `json:"state"`
	Why   Why                 `json:"why,omitempty"`
	Needs []string            `json:"needs,omitempty"` // permissions that GitHub names as missing
	Parts []Part              `json:"parts,omitempty"`
	Calls []entitlement.Probe `json:"calls,omitempty"`
}

// Part is that of a kind, with State empty where there is none.
func (c Copy) Part(kind exit.AssetKind) Part {
	i := slices.IndexFunc(c.Parts, func(p Part) bool { return p.Kind == kind })
	if i < 0 {
		return Part{}
	}
	return c.Parts[i]
}

// Copied are the parts that were copied, without the lists of what else is there.
func (c Copy) Copied() []Part {
	return slices.DeleteFunc(slices.Clone(c.Parts), func(p Part) bool {
		return p.Kind == exit.AssetRelease || p.Kind == exit.AssetPackage || p.Kind == exit.AssetSecret
	})
}

// Restoration is what came of restoring a copy into an empty folder.
type Restoration struct {
	Asset string     `json:"asset"`
	At    time.Time  `json:"at"`
	State exit.State `json:"state"`
	Why   Why        `json:"why,omitempty"`
	// Parts are what was restored, with digests and counts of their own.
	Parts []Part `json:"parts,omitempty"`
}

// Passage is where a repository is on its way to who receives it.
type Passage struct {
	Item
	At    time.Time  `json:"at"`
	State exit.State `json:"state"` // done: it is there, by its number and its owner
	Why   Why        `json:"why,omitempty"`
	Needs []string   `json:"needs,omitempty"`
	// To is who receives it, Asked when GitHub took the transfer on; zero: not yet.
	To    string    `json:"to"`
	Asked time.Time `json:"asked,omitzero"`
	// Owner and Name are those under which it was seen last.
	Owner string `json:"owner,omitempty"`
	Name  string `json:"name,omitempty"`
	// Repeat: collaborators, deploy keys, hooks and secrets came along, so the inventory
	// has to be taken again on the new side.
	Repeat bool                `json:"repeat,omitempty"`
	Calls  []entitlement.Probe `json:"calls,omitempty"`
}
