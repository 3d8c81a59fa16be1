package main

import (
	"fmt"
	"log/slog"
	"path/filepath"

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
	close  func()
}

// openOrganisation starts the GitHub, on loopback. Its page makes what else a trial
// needs; all of it is there again after the next start.
func openOrganisation(s settings, log *slog.Logger) (organisation, error) {
	server, err := githubtest.New(githubtest.Options{Organisation: organisationName, File: filepath.Join(s.data, "github.json")})
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
	return organisation{
		server: server,
		github: config.GitHub{Organisation: server.Organisation(), Token: config.Opened(server.Token()), API: server.API()},
		url:    server.URL() + "/",
		close:  func() { closing(log, "the GitHub", server.Close()) },
	}, nil
}
