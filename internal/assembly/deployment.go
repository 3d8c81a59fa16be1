package assembly

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"go.temporal.io/sdk/client"

	"gangway/config"
)

// ReadDeployment reads gangway.yaml and opens its secrets. The error is
// config.Faults, or that the file can't be read.
func ReadDeployment(file string, getenv func(string) string) (config.Deployment, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return config.Deployment{}, hintedError{fmt.Errorf("opening the configuration: %w", err), "`gangway init` writes one; -config or GANGWAY_CONFIG names it"}
	}
	d, err := config.ReadDeployment(file, text)
	if err == nil {
		err = d.Reveal(getenv)
	}
	if err != nil {
		return config.Deployment{}, fmt.Errorf("reading the configuration:\n%w", err)
	}
	return d, nil
}

// OptionsOf are the options of a house that stands as a deployment says.
func OptionsOf(d config.Deployment, log *slog.Logger) (Options, error) {
	o := Options{Dir: d.Data, Keys: d.Keys, Database: d.Database.Value(), Shared: true, PickPerson: d.PickPerson,
		Address: d.Address, TrustProxy: d.TrustProxy, Mail: d.Mail, Slack: d.Slack, GitHub: d.GitHub, Client: d.Client, Documents: d.Documents, Aside: Aside(), Log: log}
	if d.AccessKey.Given() {
		key, err := config.ParseAccessKey(d.AccessKey.Value())
		if err != nil {
			return Options{}, fmt.Errorf("reading the access key: %w", err)
		}
		o.AccessKey = key
	}
	return o, nil
}

// OpenInbox opens the inbox's port: any where a proxy is trusted to stand before
// it, this machine's alone otherwise.
func OpenInbox(d config.Deployment) (net.Listener, error) {
	if d.TrustProxy {
		return Listen(d.Listen)
	}
	return ListenLoopback(d.Listen)
}

// InboxHosts are the Host headers that an inbox answers to: its public one, and
// those of its listener where that is this machine's.
func InboxHosts(d config.Deployment, l net.Listener) []string {
	var hosts []string
	if public, err := url.Parse(d.Address); err == nil && public.Host != "" {
		hosts = append(hosts, public.Host)
	}
	if CheckLoopback(l.Addr().String()) == nil {
		hosts = append(hosts, Hosts(l)...)
	}
	return hosts
}

// OpenWhen opens a house, and tries again while its database does not answer:
// that may be starting beside us.
func OpenWhen(ctx context.Context, c client.Client, o Options, wait time.Duration) (*House, error) {
	give, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		h, err := Open(ctx, c, o)
		if err == nil || o.Database == "" || !starting(err) {
			return h, err
		}
		o.Log.Info("the database does not answer yet")
		select {
		case <-time.After(pause):
		case <-give.Done():
			return nil, err
		}
	}
}

// cannotConnectNow is PostgreSQL's word for a server that starts or stops.
const cannotConnectNow = "57P03"

// starting reports that a database may answer soon: nothing listens, or what
// listens is not ready.
func starting(err error) bool {
	var lost net.Error
	var said interface{ SQLState() string }
	return errors.As(err, &lost) || errors.As(err, &said) && said.SQLState() == cannotConnectNow
}

// mostSaid bounds what is read of a page that says how a worker is.
const mostSaid = 4 << 10

// fetch reads a small page, and follows no redirect: a proxy that sends one
// elsewhere is a finding.
func fetch(ctx context.Context, address string) (said string, code int, err error) {
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", 0, fmt.Errorf("making the request: %w", err)
	}
	asks := &http.Client{Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := asks.Do(req)
	if err != nil {
		return "", 0, err // a sentence of net/http: it names the address
	}
	defer answer.Body.Close() // only read
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostSaid))
	if err != nil {
		return "", 0, fmt.Errorf("reading the answer: %w", err)
	}
	return string(text), answer.StatusCode, nil
}
