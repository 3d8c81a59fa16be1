package main

import (
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"

	"gangway/config"
	"gangway/internal/github/githubtest"
)

// organisationName is the login of the GitHub organisation of a local.
const organisationName = "your-organisation"

// organisation is the GitHub of a local: it has people and places to try, hands nothing
// on, and its page is where whoever is invited accepts.
type organisation struct {
	server *githubtest.Server
	github config.GitHub
	url    string
	// git: what is in the repositories can be fetched, since the machine has git.
	git   bool
	close func()
}

// openOrganisation starts the GitHub, on loopback. Its page makes what else a trial
// needs; all of it is there again after the next start.
func openOrganisation(ctx context.Context, s settings, log *slog.Logger) (organisation, error) {
	folder := filepath.Join(s.data, "git")
	_, missing := exec.LookPath("git")
	if missing != nil { // then repositories are listed, and nothing in them can be fetched
		folder = ""
	}
	server, err := githubtest.New(githubtest.Options{Organisation: organisationName, File: filepath.Join(s.data, "github.json"), Git: folder})
	if err != nil {
		return organisation{}, fmt.Errorf("starting the GitHub: %w", err)
	}
	server.AddMember("your-owner", "admin")
	server.AddTeam("payroll", "push", "your-developer")
	server.AddTeam("platform", "maintain", "your-developer")
	server.AddRepository("payroll-exports", "private", "payroll", "platform")
	server.AddRepository("infrastructure", "private", "platform")
	for _, login := range []string{"nadia-rahman", "omar-brightwell"} {
		server.AddUser(login)
	}
	if missing == nil {
		for _, name := range []string{"payroll-exports", "infrastructure"} {
			err = begin(ctx, server.GitFolder(organisationName, name, false), name)
			if err != nil {
				closing(log, "the GitHub", server.Close())
				return organisation{}, err
			}
		}
	}
	return organisation{
		server: server,
		git:    missing == nil,
		github: config.GitHub{Organisation: server.Organisation(), Token: config.Opened(server.Token()), API: server.API()},
		url:    server.URL() + "/",
		close:  func() { closing(log, "the GitHub", server.Close()) },
	}, nil
}

// lacks says what it can't do on this machine.
func (o organisation) lacks() string {
	if o.git {
		return ""
	}
	return " (git is not installed: its repositories are listed, but can't be copied)"
}

// work is what months of a vendor's work leave at GitHub: somebody of theirs in a repository
// of ours, a key of theirs, and a repository that is their own.
func (o organisation) work(ctx context.Context) error {
	o.server.AddCollaborator("payroll-exports", vendorLogin, "write")
	o.server.AddKey("payroll-exports", vendorKey, vendorLogin)
	o.server.Anywhere(vendorOwner, vendorRepository, "private")
	if !o.git {
		return nil
	}
	return begin(ctx, o.server.GitFolder(vendorOwner, vendorRepository, false), vendorRepository)
}

// left says what the vendor has at GitHub when all is over, by looking there: an error where
// that is anything.
func (o organisation) left() (string, error) {
	for _, name := range []string{"payroll-exports", vendorRepository} {
		if roles := o.server.Roles(name, vendorLogin); len(roles) > 0 {
			return "", fmt.Errorf("%s is still let into %s: %v", vendorLogin, name, roles)
		}
	}
	for _, t := range o.server.Things() {
		if strings.Contains(t, vendorKey) {
			return "", fmt.Errorf("the key is still there: %s", t)
		}
	}
	if o.git && o.server.RepositoryID(organisationName, vendorRepository) == 0 {
		return "", fmt.Errorf("the repository %s/%s did not become ours", vendorOwner, vendorRepository)
	}
	if !o.git {
		return vendorLogin + " is in none of our repositories, and the key is gone; nothing was copied, since git is not installed", nil
	}
	return vendorLogin + " is in none of our repositories, the key is gone, and " + vendorRepository + ", copied and restored before, is ours: " + organisationName + "/" + vendorRepository, nil
}
