package githubtest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Release is one of a repository's, with the names of its files.
type Release struct {
	Tag   string
	Files []string
}

// transferring is a repository on its way to the organisation.
type transferring struct {
	ID int64
	At time.Time // when it arrives; zero: never, until somebody accepts
}

// Anywhere makes a repository of somebody else's, on which every token here is let in as
// an administrator; one that is there already stays. It returns its number.
func (s *Server) Anywhere(owner, name, visibility string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(owner)
	if r := s.abroadBy(owner, name); r != nil {
		return r.ID
	}
	r := &Repository{ID: s.number(), Owner: owner, Name: name, Visibility: visibility, Direct: map[int64]string{}, Teams: map[string]string{}, leaving: map[int64]left{}}
	s.abroad = append(s.abroad, r)
	return r.ID
}

// RepositoryID is the number of a repository, 0: there is none.
func (s *Server) RepositoryID(owner, name string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrive()
	if r := s.anywhere(owner, name); r != nil {
		return r.ID
	}
	return 0
}

// Release adds a release to a repository of the organisation's or of somebody else's.
func (s *Server) Release(owner, name string, r Release) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to := s.anywhere(owner, name); to != nil {
		to.Releases = append(to.Releases, r)
	}
}

// Package adds a package to a repository.
func (s *Server) Package(owner, repository, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to := s.anywhere(owner, repository); to != nil {
		to.Packages = append(to.Packages, name)
	}
}

// Secret gives the builds of a repository a secret, of which nothing but its name is kept.
func (s *Server) Secret(owner, repository, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to := s.anywhere(owner, repository); to != nil {
		to.Secrets = append(to.Secrets, name)
	}
}

// Fork makes a repository of the organisation's a fork of another.
func (s *Server) Fork(name string, of int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.repository(name); r != nil {
		r.ForkOf = of
	}
}

// HandOn gives a repository of somebody else's to yet another.
func (s *Server) HandOn(owner, name, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(to)
	if r := s.abroadBy(owner, name); r != nil {
		s.left[strings.ToLower(owner+"/"+name)] = r.ID
		r.Owner = to
	}
}

func (s *state) abroadBy(owner, name string) *Repository {
	for _, r := range s.abroad {
		if strings.EqualFold(r.Owner, owner) && strings.EqualFold(r.Name, name) {
			return r
		}
	}
	return nil
}

func (s *Server) anywhere(owner, name string) *Repository {
	if strings.EqualFold(owner, s.o.Organisation) {
		return s.repository(name)
	}
	return s.abroadBy(owner, name)
}

// whoHas is the login of who has a repository.
func (s *Server) whoHas(r *Repository) string {
	if r.Owner == "" {
		return s.o.Organisation
	}
	return r.Owner
}

// ownerShape is an owner as answers have it.
func (s *Server) ownerShape(r *Repository) *User {
	if u := s.user(r.Owner); r.Owner != "" && u != nil {
		return u
	}
	return &User{ID: 1, Login: s.o.Organisation, Type: "Organization"}
}

// aboutAbroad finds a repository of somebody else's, or where one went that was theirs.
func (s *Server) aboutAbroad(a asked) (*Repository, *reply) {
	if r := s.abroadBy(a.vars["owner"], a.vars["repo"]); r != nil {
		return r, nil
	}
	id, gone := s.left[strings.ToLower(a.vars["owner"]+"/"+a.vars["repo"])]
	if !gone {
		out := notFound()
		return nil, &out
	}
	return nil, s.movedTo(a, id)
}

// movedTo is the answer of a place that leads to a repository's number.
func (s *Server) movedTo(a asked, id int64) *reply {
	status := http.StatusMovedPermanently
	if a.r.Method != http.MethodGet {
		status = http.StatusTemporaryRedirect
	}
	to := fmt.Sprintf("%srepositories/%d", s.API(), id)
	out := fine(status, map[string]any{"message": "Moved Permanently", "url": to, "documentation_url": "https://docs.github.com/rest"}).with("Location", to)
	return &out
}

func (s *Server) getRepositoryByID(a asked) reply {
	id, err := strconv.ParseInt(a.vars["repository_id"], 10, 64)
	r := s.repositoryByID(id)
	if err != nil || r == nil || !a.who.seesRepository(r) && r.Visibility != "public" {
		return notFound()
	}
	return fine(http.StatusOK, s.fullRepository(r))
}

// transfer takes a hand-over to the organisation on; it answers with the owner of before.
func (s *Server) transfer(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	to, is := a.body["new_owner"].(string)
	invalid := func(message string) reply {
		out := refuse(http.StatusUnprocessableEntity, "Validation Failed")
		out.body.(map[string]any)["errors"] = []any{map[string]any{"resource": "Repository", "code": "custom", "message": message}}
		return out
	}
	switch {
	case !is || !strings.EqualFold(to, s.o.Organisation) || r.Owner == "":
		return invalid("Repositories cannot be transferred to the original owner")
	case s.repository(r.Name) != nil && s.repository(r.Name).ForkOf != r.ID:
		return invalid("name already exists on this account")
	case slices.ContainsFunc(s.repositories, func(x *Repository) bool { return x.ForkOf == r.ID }):
		return invalid(to + " already has a repository in the " + r.Owner + "/" + r.Name + " network (a fork)")
	case slices.ContainsFunc(s.underWay, func(x transferring) bool { return x.ID == r.ID }):
		return invalid("Repository is already being transferred")
	}
	x := transferring{ID: r.ID}
	if !s.o.Unaccepted {
		x.At = s.now().Add(s.o.TransferLag)
	}
	s.underWay = append(s.underWay, x)
	return fine(http.StatusAccepted, s.minimalRepository(r))
}

// arrive lets transfers come to their end: collaborators come along, and the owner of
// before becomes one. The caller holds the lock.
func (s *Server) arrive() {
	s.underWay = slices.DeleteFunc(s.underWay, func(x transferring) bool {
		if x.At.IsZero() || s.now().Before(x.At) {
			return false
		}
		i := slices.IndexFunc(s.abroad, func(r *Repository) bool { return r.ID == x.ID })
		if i < 0 {
			return true
		}
		r := s.abroad[i]
		s.abroad = slices.Delete(s.abroad, i, i+1)
		s.left[strings.ToLower(r.Owner+"/"+r.Name)] = r.ID
		if u := s.user(r.Owner); u != nil && u.Type == "User" {
			r.Direct[u.ID] = "admin"
		}
		r.Owner = ""
		s.repositories = append(s.repositories, r)
		return true
	})
}

func (s *Server) listReleases(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	var all []any
	for i, x := range r.Releases {
		all = append(all, s.releaseShape(r, int64(i+1), x))
	}
	return s.page(a, all)
}

func (s *Server) listSecrets(a asked) reply {
	r, out := s.about(a)
	if out != nil {
		return *out
	}
	var all []any
	for _, name := range r.Secrets {
		all = append(all, map[string]any{"name": name, "created_at": born, "updated_at": born})
	}
	return s.summed(a, "secrets", "total_count", all)
}

func (s *Server) releaseShape(r *Repository, id int64, x Release) map[string]any {
	base := s.API() + "repos/" + s.whoHas(r) + "/" + r.Name + "/releases/" + strconv.FormatInt(id, 10)
	author := s.simpleUser(s.ownerShape(r))
	files := []any{}
	for i, name := range x.Files {
		files = append(files, map[string]any{"url": base + "/assets", "browser_download_url": base + "/download", "id": id*100 + int64(i), "node_id": "RA_1", "name": name,
			"label": nil, "state": "uploaded", "content_type": "application/octet-stream", "size": 7, "digest": "sha256:" + strings.Repeat("0", 64),
			"download_count": 0, "created_at": born, "updated_at": born, "uploader": author})
	}
	return links(map[string]any{"url": base, "tarball_url": nil, "zipball_url": nil, "id": id, "node_id": "RE_1", "tag_name": x.Tag, "target_commitish": "main",
		"name": x.Tag, "body": nil, "draft": false, "prerelease": false, "created_at": born, "published_at": born, "author": author, "assets": files}, base,
		"assets upload html")
}

func (s *Server) listPackages(a asked) reply {
	kind := a.query.Get("package_type")
	if !slices.Contains([]string{"npm", "maven", "rubygems", "docker", "nuget", "container"}, kind) {
		return refuse(http.StatusBadRequest, "package_type is missing")
	}
	var all []any
	for _, r := range slices.Concat(s.repositories, s.abroad) {
		if !strings.EqualFold(s.whoHas(r), a.vars["org"]) || kind != "container" {
			continue
		}
		for i, name := range r.Packages {
			base := s.API() + "orgs/" + s.whoHas(r) + "/packages/" + name
			all = append(all, links(map[string]any{"id": r.ID*100 + int64(i), "name": name, "package_type": kind, "visibility": "private", "url": base,
				"version_count": 1, "created_at": born, "updated_at": born, "owner": s.simpleUser(s.ownerShape(r)), "repository": s.minimalRepository(r)}, base, "html"))
		}
	}
	return s.page(a, all)
}
