package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/assembly"
	"gangway/internal/playbook"
	"gangway/internal/slack"
	"gangway/internal/slack/slacktest"
)

// The workspace's ids; they stay from start to start, as Slack's do.
const (
	workspaceTeam  = "T0LOCAL"
	workspaceApp   = "A0LOCAL"
	workspaceCases = "C0VENDORS"
)

// workspace is the Slack of a local: it lets people in who are in the people
// file, hands nothing on, and its page is where they click.
type workspace struct {
	server *slacktest.Server
	slack  config.Slack
	url    string
	close  func()
}

// openWorkspace starts the Slack and its page, both on loopback. Nobody is in it
// yet: the people are not read so early.
func openWorkspace(s settings, log *slog.Logger) (workspace, error) {
	server, err := slacktest.New(slacktest.Options{Team: workspaceTeam, TeamName: "Your organisation", App: workspaceApp, File: filepath.Join(s.data, "slack.json")})
	if err != nil {
		return workspace{}, fmt.Errorf("starting the workspace: %w", err)
	}
	l, err := assembly.ListenLoopback("127.0.0.1:0")
	if err != nil {
		closing(log, "the workspace", server.Close())
		return workspace{}, fmt.Errorf("showing the workspace: %w", err)
	}
	stop := assembly.ServeInbox(l, server.Handler(), log)
	o := server.Options()
	return workspace{
		server: server,
		slack: config.Slack{App: o.App, Teams: []string{o.Team}, BotToken: config.Opened(o.BotToken), AppToken: config.Opened(o.AppToken),
			CasesChannel: workspaceCases, API: server.URL() + "/api/"},
		url: "http://" + l.Addr().String() + "/",
		close: func() {
			stop()
			closing(log, "the workspace", server.Close())
		},
	}, nil
}

// settle lets everybody in who works here and has a mail address, and says who is
// who. Some may stay outside: they are told by mail.
func (w workspace) settle(ctx context.Context, h *assembly.House, outside ...string) error {
	people, _, err := h.Archive.People(ctx)
	if err != nil {
		return fmt.Errorf("reading who is in the workspace: %w", err)
	}
	members := []string{w.server.Options().BotUser}
	for _, p := range people {
		if p.Employer != "" || p.Mail == "" || slices.Contains(outside, p.ID) {
			continue
		}
		id := userID(p)
		handle, _, _ := strings.Cut(p.Mail, "@")
		w.server.SetUser(slacktest.User{ID: id, Name: handle, RealName: p.Name, Email: p.Mail, TZ: p.Hours.Zone, Deleted: p.Left})
		if p.Left {
			continue
		}
		members = append(members, id)
		err := h.Desk.Bind(ctx, access.Binding{Channel: slack.Channel, Address: slack.Address(workspaceTeam, id).ID, Person: p.ID, How: access.ByMail, Made: time.Now()})
		if err != nil {
			return fmt.Errorf("saying who somebody is in the workspace: %w", err)
		}
	}
	w.server.SetChannel(slacktest.Channel{ID: workspaceCases, Name: "vendors", Kind: slacktest.Private, Members: members})
	return nil
}

// userID is somebody's in the workspace, the same at every start.
func userID(p playbook.Person) string {
	if p.Slack != "" {
		return p.Slack
	}
	sum := sha256.Sum256([]byte(p.ID))
	return "U" + base32.StdEncoding.EncodeToString(sum[:])[:10]
}
