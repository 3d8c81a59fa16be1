package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gangway/config"
	"gangway/internal/assembly"
	"gangway/internal/mail/mailtest"
	"gangway/internal/payload"
	"gangway/local/embedded"
	"gangway/workflows"
)

// retention is how long the engine keeps closed runs; their histories are filed
// among the documents within seconds, so this is only for looking around.
const retention = 90 * 24 * time.Hour

// place is a running local.
type place struct {
	house *assembly.House
	url   string
	// mailbox is where the mails are read that gangway sent, slack where people
	// click in the workspace, github where they accept invitations.
	mailbox, slack, github string
	post                   *mailtest.Server
	workspace              workspace
	org                    organisation
	engine                 *embedded.Server
	close                  func()
}

// serve runs until ctx ends.
func serve(ctx context.Context, s settings, log *slog.Logger, out io.Writer) error {
	p, err := open(ctx, s, log)
	if err != nil {
		return err
	}
	defer p.close()
	fmt.Fprintf(out, "gangway is running on this machine alone; stop it with Ctrl-C, start it again with the same data and cases go on\n\n")
	fmt.Fprintf(out, "  inbox     %s\n  slack     %s\n  mailbox   %s\n  github    %s%s\n  engine    %s\n  data      %s\n", p.url, p.slack, p.mailbox, p.github, p.org.lacks(), p.engine.UIURL(), s.data)
	fmt.Fprintf(out, "\nnext: open the inbox and pick who you are, or: go run ./starter --data %s --as PERSON onboard VENDOR.yaml\n", s.data)
	fmt.Fprintf(out, "leave a vendor: the page of a vendor who is live says “Leave this vendor”; %s\n", played(s.data))
	<-ctx.Done()
	return nil
}

// played says how an exit is seen that was played: by the last demo's cases where there are
// any, or by a demo.
func played(folder string) string {
	demos, err := filepath.Glob(filepath.Join(folder, "demo-*", "exit.zip")) // their names say when; the last is the newest
	if err != nil || len(demos) == 0 {
		return "to see one played to its end: go run ./local -demo"
	}
	return "the one that the last demo played: go run ./local -data " + filepath.Dir(demos[len(demos)-1])
}

// open starts everything on loopback; close stops it in the order in which
// nothing is lost: the inbox first, then the loops and the worker, the engine
// last.
func open(ctx context.Context, s settings, log *slog.Logger) (_ *place, err error) {
	var closers []func()
	stop := func() {
		for i := len(closers) - 1; i >= 0; i-- {
			closers[i]()
		}
	}
	defer func() {
		if err != nil {
			stop()
		}
	}()
	listener, err := assembly.ListenLoopback(s.addr) // before anything is made, or an engine is started for nothing
	if err != nil {
		return nil, err
	}
	served := false // by an inbox, which closes it
	defer func() {
		if !served {
			_ = listener.Close() //nolint:errcheck // the first error is the one to tell
		}
	}()
	err = os.MkdirAll(s.data, 0o700)
	if err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	engine, err := embedded.Start(ctx, embedded.Options{File: filepath.Join(s.data, "engine.db"), Retention: retention, Log: log,
		Attributes: map[string]string{workflows.AttributeVendor: "Keyword", workflows.AttributeCase: "Keyword"}})
	if err != nil {
		return nil, fmt.Errorf("starting the engine: %w", err)
	}
	closers = append(closers, engine.Stop)
	c, err := client.Dial(client.Options{HostPort: engine.HostPort(), Namespace: engine.Namespace(), DataConverter: payload.Converter(), Logger: sdklog.NewStructuredLogger(log),
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}}})
	if err != nil {
		return nil, fmt.Errorf("connecting to the engine: %w", err)
	}
	closers = append(closers, c.Close)
	box, err := openMailbox(s, log)
	if err != nil {
		return nil, err
	}
	closers = append(closers, box.close)
	chat, err := openWorkspace(s, log)
	if err != nil {
		return nil, err
	}
	closers = append(closers, chat.close)
	org, err := openOrganisation(ctx, s, log)
	if err != nil {
		return nil, err
	}
	closers = append(closers, org.close)
	url := "http://" + listener.Addr().String()
	house, err := assembly.Open(ctx, c, assembly.Options{Dir: s.data, PickPerson: true, Hosts: assembly.Hosts(listener), Address: url, Mail: box.mail, LookupTXT: box.server.LookupTXT,
		Client: config.Client{Name: s.client, Phone: "+44 20 7946 0000"}, Aside: assembly.Aside(), Slack: chat.slack, GitHub: org.github, Log: log})
	if err != nil {
		return nil, err
	}
	closers = append(closers, func() { closing(log, "the archive", house.Close()) })
	err = seed(ctx, house, s.people)
	if err != nil {
		return nil, err
	}
	err = chat.settle(ctx, house, s.outside...)
	if err != nil {
		return nil, err
	}
	w := house.NewWorker(time.Second)
	err = w.Start()
	if err != nil {
		return nil, fmt.Errorf("starting the worker: %w", err)
	}
	closers = append(closers, w.Stop)
	loops, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	looped := make(chan struct{})
	go func() { house.Run(loops); close(looped) }()
	closers = append(closers, func() { stopLoops(); <-looped })
	served = true
	closers = append(closers, assembly.ServeInbox(listener, house.Web, log))
	gone, err := assembly.Announce(s.data, assembly.Notice{URL: url, UI: engine.UIURL(), Engine: engine.HostPort(), Mailbox: box.url, Slack: chat.url, GitHub: org.url})
	if err != nil {
		return nil, err
	}
	closers = append(closers, gone)
	return &place{house: house, url: url, mailbox: box.url, slack: chat.url, github: org.url, post: box.server, workspace: chat, org: org, engine: engine, close: stop}, nil
}

func closing(log *slog.Logger, what string, err error) {
	if err != nil {
		log.Warn("closing "+what, "error", err)
	}
}

// seed writes the operator's people, or the example's into a new folder.
func seed(ctx context.Context, h *assembly.House, file string) error {
	if file != "" {
		return h.SeedFile(ctx, file)
	}
	return h.SeedExample(ctx)
}
