package custody

import (
	"encoding/json"
	"errors"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/inventory"
)

// PointRepository is the last word of the id of a point that names a repository in the
// form of an exit plan: "asset-1-repository" is that of asset-1. It is written as its
// address, or as owner/name; without an owner it is the client's own.
const PointRepository = "repository"

// mostItems bounds a list.
const mostItems = 5000

// ItemsIn reads the repositories of a List, or of a form that was filled in. What they are
// called there is not looked at: one that GitHub gives no such name is not checkable, and
// the others are all the same. Its errors quote nothing.
func ItemsIn(document []byte) ([]Item, error) {
	var l List
	if json.Unmarshal(document, &l) != nil {
		return nil, errors.New("this is no list of repositories")
	}
	if l.Kind != ListKind {
		var s engagement.Sheet
		if l.Kind != "" || json.Unmarshal(document, &s) != nil {
			return nil, errors.New("this is no list of repositories, and no form")
		}
		l.Items = itemsOf(s)
	}
	if len(l.Items) > mostItems {
		return nil, errors.New("the list has too many repositories")
	}
	ids := map[string]bool{}
	for _, i := range l.Items {
		if i.Asset == "" || ids[i.Asset] {
			return nil, errors.New("two repositories of the list have one id, or one has none")
		}
		ids[i.Asset] = true
	}
	return l.Items, nil
}

func itemsOf(s engagement.Sheet) []Item {
	var all []Item
	for _, line := range s.Lines {
		id, found := strings.CutSuffix(line.Point.ID, "-"+PointRepository)
		text := strings.TrimSpace(line.Words)
		if !found || line.Finding.Missing || text == "" {
			continue
		}
		repo, ok := Named(text)
		if !ok { // GitHub has none of that name, and says so
			repo.Name = text
		}
		all = append(all, Item{Asset: id, Repository: repo})
	}
	return all
}

// GitHub's bounds of the two halves of a name, in characters.
const (
	mostOwner = 39
	mostName  = 100
)

// Named reads how people write a repository: as its address, of a page within it too, as
// owner/name, or by its name alone, which then is one of the client's own and has no owner
// here. False: words that can't be the name of one.
func Named(text string) (inventory.Repository, bool) {
	text = strings.TrimSpace(text)
	_, after, address := strings.Cut(text, "://")
	if !address {
		_, after, address = strings.Cut(text, "git@") // git@github.com:acme/engine.git
		after = strings.Replace(after, ":", "/", 1)
	}
	if address {
		_, path, _ := strings.Cut(after, "/")
		parts := strings.SplitN(path, "/", 3)
		if len(parts) < 2 {
			return inventory.Repository{}, false
		}
		text = parts[0] + "/" + parts[1]
	}
	owner, name, both := strings.Cut(text, "/")
	if !both {
		owner, name = "", text
	}
	name = strings.TrimSuffix(name, ".git")
	if both && !spelled(owner, mostOwner, "-_") || !spelled(name, mostName, "-_.") || name == "." || name == ".." {
		return inventory.Repository{}, false
	}
	return inventory.Repository{Owner: owner, Name: name}, true
}

// spelled reports whether a text has letters, digits and some more characters alone.
func spelled(text string, most int, more string) bool {
	return text != "" && len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(more, r)
	})
}
