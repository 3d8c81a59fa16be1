package githubtest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// thing is something that an organisation or a repository has besides people: a deploy
// key, a hook, an app, a token or one that waits, a runner, an environment, a credential, a codespace, a
// seat, a push. Kept from start to start, so that its fields are exported.
type thing struct {
	ID   int64
	Kind string
	// Repository is 0 for what is the organisation's.
	Repository int64
	// Name is its title, address, slug or path.
	Name string
	// User is whose it is, or who did it; 0: nobody's, or not known any more.
	User int64
	At   time.Time
	// Reviewers are the accounts who have to agree in an environment.
	Reviewers []int64
	// Wait is how many minutes an environment waits.
	Wait int
	// Text is a file's.
	Text string
}

// Kinds of things.
const (
	aKey        = "deploy key"
	aHook       = "hook"
	anApp       = "app"
	aToken      = "token"
	anAsking    = "token request"
	aRunner     = "runner"
	aFile       = "file"
	aPlace      = "environment"
	aCredential = "credential"
	aCodespace  = "codespace"
	aSeat       = "seat"
	aPush       = "push"
)

// put adds a thing and gives its number; without the repository that is named it fails.
func (s *Server) put(repository, login string, t thing) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if repository != "" {
		r := s.repository(repository)
		if r == nil {
			s.surprise("a %s is put into %s, which is no repository", t.Kind, repository)
			return 0
		}
		t.Repository = r.ID
	}
	if login != "" {
		t.User = s.account(login).ID
	}
	t.ID = s.number()
	if t.At.IsZero() {
		t.At = s.now()
	}
	s.things = append(s.things, &t)
	s.keep()
	return t.ID
}

// AddKey gives a repository a deploy key, which somebody added; empty: GitHub does not
// know any more who did.
func (s *Server) AddKey(repository, title, by string) int64 {
	return s.put(repository, by, thing{Kind: aKey, Name: title})
}

// AddHook has a repository, or the organisation where that is empty, tell an address of
// what happens.
func (s *Server) AddHook(repository, address string) int64 {
	return s.put(repository, "", thing{Kind: aHook, Name: address})
}

// AddRunner gives a repository, or the organisation where that is empty, a machine.
func (s *Server) AddRunner(repository, name string) int64 {
	return s.put(repository, "", thing{Kind: aRunner, Name: name})
}

// AddEnvironment gives a repository an environment, in which these people have to agree;
// it waits as many minutes.
func (s *Server) AddEnvironment(repository, name string, minutes int, reviewers ...string) int64 {
	s.mu.Lock()
	var all []int64
	for _, login := range reviewers {
		all = append(all, s.account(login).ID)
	}
	s.mu.Unlock()
	return s.put(repository, "", thing{Kind: aPlace, Name: name, Reviewers: all, Wait: minutes})
}

// Write puts a file into a repository's default branch.
func (s *Server) Write(repository, path, text string) {
	s.put(repository, "", thing{Kind: aFile, Name: path, Text: text})
}

// Push is what somebody does to a branch of a repository, now.
func (s *Server) Push(repository, login string) int64 {
	return s.put(repository, login, thing{Kind: aPush})
}

// Install puts an app into the organisation.
func (s *Server) Install(slug string) int64 { return s.put("", "", thing{Kind: anApp, Name: slug}) }

// LetToken lets somebody's fine-grained token in.
func (s *Server) LetToken(login, name string) int64 {
	return s.put("", login, thing{Kind: aToken, Name: name})
}

// AskToken has somebody's fine-grained token wait to be let in.
func (s *Server) AskToken(login, name string) int64 {
	return s.put("", login, thing{Kind: anAsking, Name: name})
}

// Authorise lets somebody's credential in by single sign-on.
func (s *Server) Authorise(login string) int64 { return s.put("", login, thing{Kind: aCredential}) }

// AddCodespace gives somebody a machine to work on a repository.
func (s *Server) AddCodespace(repository, login, name string) int64 {
	return s.put(repository, login, thing{Kind: aCodespace, Name: name})
}

// Seat gives somebody one of Copilot.
func (s *Server) Seat(login string) int64 { return s.put("", login, thing{Kind: aSeat}) }

// Things are all there are besides people, sorted, each as "kind name repository login":
// what a test compares.
func (s *Server) Things() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, t := range s.things {
		words := []string{t.Kind, t.Name}
		if t.Wait > 0 {
			words = append(words, fmt.Sprintf("%d min", t.Wait))
		}
		if r := s.repositoryByID(t.Repository); r != nil {
			words = append(words, r.Name)
		}
		if u := s.userByID(t.User); u != nil {
			words = append(words, u.Login)
		}
		for _, id := range t.Reviewers {
			words = append(words, s.userByID(id).Login)
		}
		all = append(all, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
	}
	slices.Sort(all)
	return all
}

// of are the things of a kind and a repository, 0 for the organisation, in order.
func (s *state) of(kind string, repository int64) []*thing {
	var all []*thing
	for _, t := range s.things {
		if t.Kind == kind && t.Repository == repository {
			all = append(all, t)
		}
	}
	return all
}

// drop takes a thing away; false: there is none.
func (s *state) drop(kind string, repository, id int64) bool {
	n := len(s.things)
	s.things = slices.DeleteFunc(s.things, func(t *thing) bool { return t.Kind == kind && t.Repository == repository && t.ID == id })
	return len(s.things) < n
}

// Exceeded says which of GitHub's limits were passed, and how often: what was ordered to
// fail does not count.
func (s *Server) Exceeded() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, what := range slices.Sorted(maps.Keys(s.exceeded)) {
		all = append(all, fmt.Sprintf("%s: %d", what, s.exceeded[what]))
	}
	return all
}

// pushedAt is when a repository was last pushed to.
func (s *state) pushedAt(r *Repository) string {
	pushes := s.of(aPush, r.ID)
	if len(pushes) == 0 {
		return born
	}
	last := slices.MaxFunc(pushes, func(a, b *thing) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return stamp(last.At)
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }
