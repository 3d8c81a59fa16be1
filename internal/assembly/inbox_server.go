package assembly

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// bounds are what a connection may take, in time and bytes. A client that sends
// a letter a second holds a connection no longer than these.
type bounds struct {
	header, read, write, idle time.Duration
	headerBytes               int
	// drain is how long requests in flight may take once the server stops.
	drain time.Duration
}

// usual bounds: a contract of 20 MB over a slow line takes less than two minutes
// to send; a dossier less than five to fetch. Headers of browsers stay below
// 16 kB.
func usual() bounds {
	return bounds{header: 10 * time.Second, read: 2 * time.Minute, write: 5 * time.Minute, idle: 2 * time.Minute, headerBytes: 64 << 10, drain: 10 * time.Second}
}

// ServeInbox serves the inbox until stop is called, which lets requests in
// flight finish.
func ServeInbox(l net.Listener, h http.Handler, log *slog.Logger) (stop func()) {
	return serve(l, h, usual(), log)
}

func serve(l net.Listener, h http.Handler, b bounds, log *slog.Logger) (stop func()) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: b.header, ReadTimeout: b.read, WriteTimeout: b.write, IdleTimeout: b.idle,
		MaxHeaderBytes: b.headerBytes, ErrorLog: slog.NewLogLogger(quietly{log.Handler()}, slog.LevelError)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := srv.Serve(l)
		if !errors.Is(err, http.ErrServerClosed) {
			log.Error("the inbox stopped", "error", err)
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), b.drain)
		defer cancel()
		err := srv.Shutdown(ctx)
		if err != nil {
			log.Warn("closing the inbox", "error", err)
			_ = srv.Close() // what is still in flight has had its time
		}
		<-done
	}
}

// quietly drops the words of the http server: they hold clients' addresses.
type quietly struct{ slog.Handler }

// Handle writes that something was wrong with a connection, and not whose; of a
// page that failed where.
func (q quietly) Handle(ctx context.Context, r slog.Record) error {
	quiet := slog.NewRecord(r.Time, r.Level, "a connection was cut", r.PC)
	if i := strings.Index(r.Message, "\ngoroutine "); i >= 0 {
		quiet.Level, quiet.Message = slog.LevelError, "a page failed"
		quiet.AddAttrs(slog.String("stack", r.Message[i+1:]))
	}
	if !q.Enabled(ctx, quiet.Level) {
		return nil
	}
	return q.Handler.Handle(ctx, quiet)
}

// behindProxy makes the last address of X-Forwarded-For that of the connection:
// the one that our own proxy saw. Those before it are whatever the client wrote.
func behindProxy(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lines := r.Header.Values("X-Forwarded-For")
		if len(lines) > 0 {
			list := strings.Split(lines[len(lines)-1], ",")
			if ip := net.ParseIP(strings.TrimSpace(list[len(list)-1])); ip != nil {
				// In place: the server removes the files of the request that it made, not
				// of a copy.
				r.RemoteAddr = net.JoinHostPort(ip.String(), "0")
			}
		}
		h.ServeHTTP(w, r)
	})
}

// alive answers /livez in front of the inbox, so that one can try the public
// address from outside, through the proxy. It says nothing else.
func alive(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/livez" {
			h.ServeHTTP(w, r)
			return
		}
		livez(w, r)
	})
}

// Alive is the body of /livez, by which one tells gangway from whatever else
// answers at an address.
const Alive = "gangway is alive\n"

func livez(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	_, _ = w.Write([]byte(Alive)) // whoever left does not hear it
}
