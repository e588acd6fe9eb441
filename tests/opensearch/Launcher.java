import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/**
 * A real OpenSearch node whose plugins come from the class path:
 * {@code java -cp 'launcher.jar:JARS/*' Launcher HOME OWNER PLUGIN…}.
 *
 * <p>Settings are read from {@code HOME/config/opensearch.yml}; the log goes to standard output; with
 * {@code node.portsfile} the ports stand in {@code HOME/logs/*.ports}. OWNER is the number of a process: the node ends when
 * that one does, so that not even a killed test run leaves a node behind; without one it ends once it has started.
 */
class Launcher extends Node {
    Launcher(Environment environment, List<PluginInfo> plugins) {
        super(environment, plugins, false);
    }

    public static void main(String[] arguments) throws Exception {
        Settings home = Settings.builder().put("path.home", Path.of(arguments[0]).toString()).build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(home, Map.of(), null, () -> "node");
        LogConfigurator.configureWithoutConfig(environment.settings());
        List<PluginInfo> plugins = new ArrayList<>();
        for (String name : List.of(arguments).subList(2, arguments.length)) {
            plugins.add(new PluginInfo(name, "", "", Version.CURRENT, "21", name, "", List.of(), false));
        }
        new Launcher(environment, plugins).start();
        ProcessHandle.of(Long.parseLong(arguments[1])).ifPresent(owner -> owner.onExit().join());
        // Its data lies in a temporary folder, so nothing is lost by an end at once.
        Runtime.getRuntime().halt(0);
    }
}
