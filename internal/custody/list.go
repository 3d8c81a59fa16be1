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
		all = append(all, Item{Asset: id, Repository: written(text)})
	}
	return all
}

// written reads how people write a repository.
func written(text string) inventory.Repository {
	if _, after, address := strings.Cut(text, "://"); address {
		_, text, _ = strings.Cut(after, "/")
	}
	text = strings.TrimSuffix(strings.Trim(text, "/"), ".git")
	if owner, name, both := strings.Cut(text, "/"); both {
		return inventory.Repository{Owner: owner, Name: name}
	}
	return inventory.Repository{Name: text}
}
