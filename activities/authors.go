package activities

import (
	"context"
	"fmt"
	"io"

	"gangway/internal/authorship"
	"gangway/internal/custody"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// AuthorsIn names repositories by the list that has their names, and the vendor's people
// by the roster.
type AuthorsIn struct {
	RepositoriesIn
	// Roster is the digest of an inventory.Roster.
	Roster string `json:"roster"`
}

// authorsOut says where only the vendor's people know their way about.
type authorsOut struct {
	Repositories []AuthorsStanding `json:"repositories"`
	// Areas are what has to be learnt: one of each repository that has such directories,
	// with the id of its asset.
	Areas []exit.Area `json:"areas,omitempty"`
	// Evidence is the digest of the custody.Evidence that names them.
	Evidence string `json:"evidence,omitempty"`
}

// AuthorsStanding is who wrote one repository, without their names.
type AuthorsStanding struct {
	Asset string      `json:"asset"`
	State exit.State  `json:"state"`
	Why   custody.Why `json:"why,omitempty"`
	// Directories counts those whose only authors are the vendor's.
	Directories int `json:"directories,omitempty"`
	TruckFactor int `json:"truckFactor,omitempty"`
	Theirs      int `json:"theirs,omitempty"`
	Others      int `json:"others,omitempty"`
}

// Authors reads from copies that were kept which directories only the vendor's people
// wrote. Where none of them is recognised in a repository it is not checkable: they may
// write under addresses that the roster does not have.
func (a *Activities) Authors(ctx context.Context, in AuthorsIn) (authorsOut, error) {
	var roster inventory.Roster
	if err := a.readJSON(ctx, in.Roster, "a roster", &roster); err != nil {
		return authorsOut{}, err
	}
	items, err := a.items(ctx, in.RepositoriesIn)
	if err != nil {
		return authorsOut{}, err
	}
	var out authorsOut
	for _, id := range in.unlisted(items) {
		out.Repositories = append(out.Repositories, AuthorsStanding{Asset: id, State: exit.StateNotCheckable, Why: custody.WhyNotListed})
	}
	if a.Mover == nil {
		for _, i := range items {
			out.Repositories = append(out.Repositories, AuthorsStanding{Asset: i.Asset, State: exit.StateNotCheckable, Why: custody.WhyNotSetUp})
		}
		out.Evidence = in.Evidence
		return out, nil
	}
	e, at, err := a.eachRepository(ctx, repositoryProgress{Evidence: in.Evidence}, items, func(ctx context.Context, i custody.Item, e *custody.Evidence) error {
		found, err := a.authorsOf(ctx, e.CopyOf(i.Asset), authorship.NewWhose(roster))
		if err == nil {
			found.Asset = i.Asset
			e.AddAuthors(found)
		}
		return err
	})
	if err != nil {
		return authorsOut{}, err
	}
	for _, i := range items {
		x := e.AuthorsOf(i.Asset)
		out.Repositories = append(out.Repositories, AuthorsStanding{Asset: i.Asset, State: x.State, Why: x.Why,
			Directories: len(x.Directories), TruckFactor: x.TruckFactor, Theirs: x.Theirs, Others: x.Others})
		if len(x.Directories) > 0 {
			out.Areas = append(out.Areas, exit.Area{ID: i.Asset, Directories: len(x.Directories)})
		}
	}
	out.Evidence = at.Evidence
	return out, nil
}

// authorsOf reads one copy.
func (a *Activities) authorsOf(ctx context.Context, c custody.Copy, whose authorship.Whose) (custody.Authors, error) {
	if c.State != exit.StateDone {
		return custody.Authors{State: exit.StateNotCheckable, Why: custody.WhyNoCopy}, nil
	}
	var found custody.Authors
	why, err := a.Mover.History(ctx, c, a.openCopy, func(log io.Reader, files []string) error {
		l, err := authorship.Count(log)
		if err != nil {
			return err
		}
		l.Keep(files)
		found = authorsIn(l, whose)
		return nil
	})
	switch {
	case err != nil:
		return custody.Authors{}, fmt.Errorf("reading who wrote a repository: %w", err)
	case why == custody.WhyEmpty:
		return custody.Authors{State: exit.StateDone, Why: why}, nil
	case why != "":
		return custody.Authors{State: exit.StateNotCheckable, Why: why}, nil
	}
	return found, nil
}

func authorsIn(l *authorship.Ledger, whose authorship.Whose) custody.Authors {
	files := l.Files(whose.Person)
	found := custody.Authors{State: exit.StateDone, Files: len(files), TruckFactor: authorship.TruckFactor(files)}
	people := map[string]bool{}
	for _, author := range l.Authors() {
		people[whose.Person(author)] = true
	}
	for person := range people {
		if whose.Theirs(person) {
			found.Theirs++
		} else {
			found.Others++
		}
	}
	switch {
	case len(people) == 0:
		found.Why = custody.WhyEmpty
	case found.Theirs == 0:
		found.State, found.Why = exit.StateNotCheckable, custody.WhyNobody
	}
	found.Directories = authorship.OnlyBy(files, whose.Theirs)
	return found
}
