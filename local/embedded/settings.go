package embedded

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/primitives"
)

const (
	clusterName = "active"
	// shards is fixed when a file is made: a later change here would be
	// ignored by the server, with a warning, for files that exist.
	shards = 4
)

// store says where the server keeps its data.
//
// The server pools connections under their URI and never closes one, so each
// Start gets a URI of its own: a pragma SQLite does not know, and therefore
// ignores, makes it so. Without it a second Start in one process would go on
// with a connection whose log another process may have replaced meanwhile.
func store(file, synchronous string) *config.SQL {
	once := "n" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if file == "" {
		return &config.SQL{
			PluginName:        sqliteplugin.PluginName,
			DatabaseName:      "gangway-" + once,
			ConnectAttributes: map[string]string{"mode": "memory", "cache": "shared"},
		}
	}
	return &config.SQL{
		PluginName:   sqliteplugin.PluginName,
		DatabaseName: escapePath(file),
		ConnectAttributes: map[string]string{
			"mode":          "rw", // never create: that is ours to do
			"journal_mode":  "wal",
			"busy_timeout":  "5000", // ms; for a backup tool that looks at the file
			"synchronous":   synchronous,
			"gangway_start": once,
		},
	}
}

// settings is the server's static configuration.
func settings(data *config.SQL, p ports) *config.Config {
	return &config.Config{
		Global: config.Global{
			// With static hosts nobody joins anything; the values are still read.
			Membership: config.Membership{MaxJoinDuration: memberJoin, BroadcastAddress: loopback},
		},
		Persistence: config.Persistence{
			DefaultStore:     sqliteplugin.PluginName,
			VisibilityStore:  sqliteplugin.PluginName,
			NumHistoryShards: shards,
			DataStores:       map[string]config.DataStore{sqliteplugin.PluginName: {SQL: data}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: address(p.frontend)},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services: map[string]config.Service{
			string(primitives.FrontendService): service(p.frontend),
			string(primitives.HistoryService):  service(p.history),
			string(primitives.MatchingService): service(p.matching),
			string(primitives.WorkerService):   service(p.worker),
		},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchival{State: config.ArchivalDisabled},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: config.ArchivalDisabled},
		}},
		PublicClient: config.PublicClient{HostPort: address(p.frontend)},
	}
}

func service(port int) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: loopback}}
}

// hosts tells each service where the others are, which spares the gossip
// between them and its four further ports.
func hosts(p ports) map[primitives.ServiceName]static.Hosts {
	return map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(address(p.frontend)),
		primitives.HistoryService:  static.SingleLocalHost(address(p.history)),
		primitives.MatchingService: static.SingleLocalHost(address(p.matching)),
		primitives.WorkerService:   static.SingleLocalHost(address(p.worker)),
	}
}

// tuning is the server's dynamic configuration: what it takes to be quick and
// small on one machine, measured, and to keep to itself.
func tuning() dynamicconfig.StaticClient {
	const pollsPerSecond = 1000
	return dynamicconfig.StaticClient{
		// The default of 20 a second and shard is 50 ms in front of every task.
		dynamicconfig.TransferProcessorMaxPollRPS.Key():   pollsPerSecond,
		dynamicconfig.TimerProcessorMaxPollRPS.Key():      pollsPerSecond,
		dynamicconfig.VisibilityProcessorMaxPollRPS.Key(): pollsPerSecond,
		// With four partitions and few pollers tasks wait where nobody polls.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
		// The default of 128,000 lets the process grow to half a gigabyte.
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key(): 256,
		// The server asks its maker daily for news of versions: it would tell
		// that we run, and nothing here calls out.
		dynamicconfig.EnableServerVersionCheck.Key(): false,
		// Rehearsals have a case time of their own; the engine's clock is real.
		dynamicconfig.WorkflowTimeSkippingEnabled.Key(): false,
	}
}

// synchronousPragma checks what the caller asked for. "off" is no choice: an
// accepted answer has to survive.
func synchronousPragma(asked string) (string, error) {
	switch asked {
	case "":
		return "full", nil
	case "full", "normal":
		return asked, nil
	}
	return "", fmt.Errorf("synchronous is %q; it can be \"full\", or \"normal\" for measuring", asked)
}
