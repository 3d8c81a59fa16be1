package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/temporalio/ui-server/v2/server/api"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	"github.com/temporalio/ui-server/v2/server/route"
	uiassets "github.com/temporalio/ui-server/v2/ui"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
)

// ui is the Temporal UI on a listener of ours. It is put together from the UI
// server's own parts, because that server's Start opens its port by number and
// ends the process when somebody else has it.
//
// It shows and changes nothing: an answer comes in through gangway's own door,
// which checks who gives it, and this page would let anybody give any.
type ui struct {
	http   *http.Server
	listen net.Listener
	done   chan struct{}
}

// startUI serves the UI on the port, any free one for 0, over a connection to
// the frontend that the caller closes after stop.
func startUI(port int, conn *grpc.ClientConn, o Options, log *slog.Logger) (*ui, error) {
	l, err := net.Listen("tcp", address(port))
	if err != nil {
		if port != 0 {
			return nil, &PortTakenError{Port: port, Err: err}
		}
		return nil, fmt.Errorf("listening for the Temporal UI: %w", err)
	}
	pages, err := uiPages(conn, o.Namespace)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	u := &ui{
		listen: l,
		done:   make(chan struct{}),
		http: &http.Server{
			Handler:           ownHostOnly(l.Addr().String(), pages),
			ReadHeaderTimeout: 10 * time.Second,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		},
	}
	go func() {
		defer close(u.done)
		if err := u.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the Temporal UI ended", "error", err)
		}
	}()
	return u, nil
}

// url is empty for a server without UI.
func (u *ui) url() string {
	if u == nil {
		return ""
	}
	return "http://" + u.listen.Addr().String()
}

// stop ends what is being served after a moment and gives the port free.
func (u *ui) stop(ctx context.Context) error {
	if u == nil {
		return nil
	}
	err := u.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("waiting for the Temporal UI's last requests: %w", err), u.http.Close())
	}
	<-u.done
	return err
}

// uiPages has the routes of the UI server, read-only.
func uiPages(conn *grpc.ClientConn, namespace string) (http.Handler, error) {
	settings, err := uiconfig.NewConfigProviderWithRefresh(&uiconfig.Config{
		DefaultNamespace:      namespace,
		DisableWriteActions:   true,
		DisableNewsFetch:      true, // nothing here calls out
		EnableUI:              true,
		HideLogs:              true,
		StartWorkflowDisabled: true,
		TemporalGRPCAddress:   conn.Target(),
	})
	if err != nil {
		return nil, fmt.Errorf("configuring the Temporal UI: %w", err)
	}
	all, err := uiassets.Assets()
	if err != nil {
		return nil, fmt.Errorf("opening the Temporal UI's files: %w", err)
	}
	files, err := fs.Sub(all, "local")
	if err != nil {
		return nil, fmt.Errorf("opening the Temporal UI's local files: %w", err)
	}
	e := echo.New()
	route.SetHealthRoute(e)
	calls := e.Group("/api/v1", route.DisableWriteMiddleware(settings))
	calls.GET("/settings", api.GetSettings(settings))
	calls.GET(api.WorkflowRawHistoryUrl, api.WorkflowRawHistoryHandler(workflowservice.NewWorkflowServiceClient(conn)))
	calls.Any("/*", api.TemporalAPIHandler(settings, nil, conn))
	if err := route.SetUIRoutes(e, "", files); err != nil {
		return nil, fmt.Errorf("setting up the Temporal UI's pages: %w", err)
	}
	route.SetRenderRoute(e, "")
	return e, nil
}

// ownHostOnly refuses requests for any other name: a page elsewhere could let
// its name resolve to 127.0.0.1 and read the histories through the browser.
func ownHostOnly(host string, next http.Handler) http.Handler {
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		port = ""
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host && r.Host != net.JoinHostPort("localhost", port) {
			http.Error(w, "this address is served under its own name only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
