#include "app/cli.h"

#include <spdlog/logger.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <ostream>
#include <sstream>

#include "app/analyze.h"
#include "app/check_config.h"
#include "app/erase.h"
#include "app/explain.h"
#include "app/healthcheck.h"
#include "app/logging.h"
#include "app/report.h"
#include "app/serve.h"
#include "app/version.h"
#include "config/config.h"
#include "input/line_block.h"
#include "parse/log_parser.h"
#include "report/alertmanager.h"

namespace accesslog {
namespace {

constexpr int kUsage = 2;

struct ServeArguments {
  std::string config_file;
  std::vector<std::string> listen_addresses;
  std::string log_level = "info";
  std::string log_format = "logfmt";
  std::string format = "auto";
  std::string start = "end";
  std::optional<std::string> state_file;
  bool lifecycle = false;
  std::vector<std::string> files;
};

struct Arguments {
  ServeArguments serve;
  AnalyzeOptions analyze;
  std::string analyze_config;
  std::string check_file;
  std::vector<std::string> health_addresses;
  std::string health_config;
  ExplainOptions explain;
  EraseOptions erase;
  std::string erase_config;
  ReportCommand report;
  std::string report_config;
};

// Anything that names or describes a format.
CLI::Validator IsFormat() {
  return CLI::Validator(
      [](const std::string& text) {
        const auto parser = LogParser::Create(text);
        return parser ? std::string() : parser.error().message;
      },
      "");
}

void AddServe(CLI::App& app, ServeArguments& args) {
  app.add_option("--config.file", args.config_file, "TOML configuration")->type_name("F");
  app.add_option("--web.listen-address", args.listen_addresses,
                 "Address to listen on; may be repeated (default 127.0.0.1:9517)")
      ->type_name("HOST:PORT")
      ->take_all()
      ->allow_extra_args(false);  // else FILE would be a second address
  app.add_flag("--web.enable-lifecycle", args.lifecycle,
               "Read the configuration again on POST /-/reload, too");
  app.add_option("--state.file", args.state_file,
                 "Where counters and offsets are kept; \"\" keeps nothing")
      ->type_name("F");
  app.add_option("--log.level", args.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->type_name("LEVEL")
      ->capture_default_str();
  app.add_option("--log.format", args.log_format, "logfmt or json")
      ->check(CLI::IsMember({"logfmt", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_option("--format", args.format, "Log format of FILEs without a configuration")
      ->check(IsFormat())
      ->type_name("F")
      ->capture_default_str();
  app.add_option("--start", args.start, "Where FILEs are read from: end or beginning")
      ->check(CLI::IsMember({"end", "beginning"}))
      ->type_name("WHERE")
      ->capture_default_str();
  app.add_option("FILE", args.files, "Access logs to follow; globs may be quoted");
}

CLI::App* AddAnalyze(CLI::App& app, Arguments& args) {
  AnalyzeOptions& analyze = args.analyze;
  CLI::App* command = app.add_subcommand("analyze", "Read whole logs and print what is in them");
  command->add_option("--config.file", args.analyze_config, "TOML configuration")->type_name("F");
  command->add_option("--format", analyze.format, "Log format")
      ->check(IsFormat())
      ->type_name("F")
      ->capture_default_str();
  command->add_option("--top", analyze.top, "Clients to list; 0 is all")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--status", analyze.status, "Show the lines and clients with this status")
      ->check(CLI::Range(100, 599))
      ->type_name("STATUS");
  command->add_flag("--json", analyze.json, "Print one JSON object");
  command->add_option("--append", analyze.append, "Append the findings, dated, to this file")
      ->type_name("F");
  command->add_flag("--fail-on-findings", analyze.fail_on_findings,
                    "Exit with 1 if anything was found");
  command->add_option("--threads", analyze.threads, "Threads to work with; 0 is one for each core")
      ->check(CLI::Range(0, 256))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("FILE", analyze.files, "Access logs; '-' is standard input, .gz is read as is")
      ->required();
  return command;
}

CLI::App* AddExplain(CLI::App& app, ExplainOptions& explain) {
  CLI::App* command =
      app.add_subcommand("explain", "Show which field of a log line went where, or why it cannot be read");
  command->add_option("--format", explain.format, "Log format")
      ->check(IsFormat())
      ->type_name("F")
      ->capture_default_str();
  command->add_flag("--json", explain.json, "Print one JSON object for each line");
  command->add_option("LINE", explain.lines, "The line, in quotes; without it, those of standard input");
  return command;
}

CLI::App* AddCheckConfig(CLI::App& app, Arguments& args) {
  CLI::App* command = app.add_subcommand("check-config", "Name every error of a configuration file");
  command->add_option("F", args.check_file, "The file")->required();
  return command;
}

CLI::App* AddHealthcheck(CLI::App& app, Arguments& args) {
  CLI::App* command = app.add_subcommand("healthcheck", "Ask a running exporter whether it is ready");
  command->add_option("--web.listen-address", args.health_addresses, "Where it listens")
      ->type_name("HOST:PORT")
      ->allow_extra_args(false);
  command->add_option("--config.file", args.health_config, "Its configuration")->type_name("F");
  return command;
}

CLI::App* AddErase(CLI::App& app, Arguments& args) {
  CLI::App* command =
      app.add_subcommand("erase", "Take clients out of the state file of an exporter that is stopped");
  command->add_option("--state.file", args.erase.state_file, "The state file")->type_name("F");
  command->add_option("--config.file", args.erase_config, "The configuration that names it")
      ->type_name("F");
  command->add_option("CLIENT", args.erase.clients, "Addresses, host names, or labels of metrics")
      ->required();
  return command;
}

CLI::App* AddReport(CLI::App& app, Arguments& args) {
  ReportCommand& report = args.report;
  CLI::App* command = app.add_subcommand(
      "report", "Tell what a day, a week or a month was like, from the state of an exporter");
  command->add_option("--state.file,--state", report.state_file, "The state file")->type_name("F");
  command->add_option("--config.file", args.report_config, "The configuration that names it")
      ->type_name("F");
  command->add_option("--period", report.period, "day, week or month, the last one that is over")
      ->check(CLI::IsMember({"day", "week", "month"}))
      ->type_name("PERIOD")
      ->capture_default_str();
  command->add_option("--period-end", report.period_end,
                      "The one that ends with this day; of months the one that holds it")
      ->type_name("YYYY-MM-DD");
  command->add_option("--format", report.format, "text, html or json")
      ->check(CLI::IsMember({"text", "html", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_option("--site", report.site, "Of this site only")->type_name("NAME");
  command->add_flag("--send", report.send, "Hand it to Alertmanager, which mails it");
  command->add_option("--alertmanager.url", report.options.alertmanager.urls,
                      "Where it is; may be repeated")
      ->type_name("URL")
      ->check(CLI::Validator(
          [](const std::string& url) { return WhyNoAlertmanagerUrl(url).value_or(""); }, ""))
      ->take_all()
      ->allow_extra_args(false);
  return command;
}

// The addresses on the command line win over those of the configuration.
bool SetAddresses(const std::vector<std::string>& texts, Config& config, std::ostream& err) {
  std::vector<ListenAddress> addresses;
  for (const std::string& text : texts) {
    const auto address = ParseListenAddress(text);
    if (!address) {
      err << address.error().message << '\n';
      return false;
    }
    addresses.push_back(*address);
  }
  for (size_t i = 0; i < addresses.size(); ++i) {
    for (size_t j = i + 1; j < addresses.size(); ++j) {
      if (addresses[i].ToString() != addresses[j].ToString() || addresses[i].port == 0) continue;
      err << "listen address " << addresses[i].ToString() << " is given twice\n";
      return false;
    }
  }
  if (!addresses.empty()) config.listen_addresses = std::move(addresses);
  return true;
}

std::optional<Config> ConfigOrDefaults(const std::string& path, std::ostream& err) {
  if (!path.empty()) return LoadConfigOrComplain(path, err);
  return ParseConfig("").config;
}

// Subcommands that people expect, or that other versions have. Taken for a FILE they would start a
// server that waits for a log of that name.
bool IsWordOfAnotherVersion(const std::string& word) {
  static constexpr std::array<std::string_view, 3> kWords = {"help", "version", "serve"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

std::optional<std::string> WhyNotServable(const ServeArguments& args, const Config& config) {
  if (!config.sites.empty() && (args.format != "auto" || args.start != "end")) {
    return "--format and --start are for FILE arguments; give each [[site]] of " +
           args.config_file + " its own format and start";
  }
  if (!args.files.empty() && !config.sites.empty()) {
    return "FILE arguments and the [[site]] tables of " + args.config_file +
           " exclude each other; put the files into one [[site]]";
  }
  if (!args.files.empty() && IsWordOfAnotherVersion(args.files.front())) {
    return "there is no subcommand \"" + args.files.front() +
           "\" in this version; if it is a log, write ./" + args.files.front();
  }
  for (const std::string& file : args.files) {
    if (auto why = WhyNotFollowable(file)) return why;
  }
  if (args.files.empty() && config.sites.empty()) {
    return "no log to follow; name one, as in: accesslog_exporter /var/log/nginx/access.log, or add "
           "a [[site]] to the configuration";
  }
  return std::nullopt;
}

// The file and what the command line says besides. Nothing if there are errors, which are told to
// `err`, each in a line.
std::optional<Config> ServeConfig(const ServeArguments& args, std::ostream& err) {
  auto config = ConfigOrDefaults(args.config_file, err);
  if (!config || !SetAddresses(args.listen_addresses, *config, err)) return std::nullopt;
  if (args.state_file) config->state.file = *args.state_file;
  if (const auto why = WhyNotServable(args, *config)) {
    err << *why << '\n';
    return std::nullopt;
  }
  if (!args.files.empty()) {
    SiteConfig site = DefaultSite(*config, args.files);
    site.format = args.format;
    site.start = args.start == "end" ? StartAt::kEnd : StartAt::kBeginning;
    config->sites.push_back(std::move(site));
  }
  return config;
}

// As ServeConfig, for a running exporter: errors go to its log.
std::optional<Config> ReadAgain(const ServeArguments& args, spdlog::logger& log) {
  std::ostringstream errors;
  auto config = ServeConfig(args, errors);
  const std::string text = errors.str();
  ForEachLine(text, [&](std::string_view line) {
    if (config) {
      log.warn("{}", line);
    } else {
      log.error("{}", line);
    }
  });
  return config;
}

int RunServe(const ServeArguments& args, const Clock& clock, std::ostream& err) {
  const auto config = ServeConfig(args, err);
  if (!config) return kUsage;
  const auto log = MakeLogger(args.log_level,
                              args.log_format == "json" ? LogStyle::kJson : LogStyle::kLogfmt);
  ServeOptions options{.config = *config, .reload = {}, .lifecycle = args.lifecycle};
  if (!args.config_file.empty()) options.reload = [&] { return ReadAgain(args, *log); };
  const auto served = Serve(options, clock, *log);
  if (!served) {
    log->error("{}", served.error().message);
    return kUsage;
  }
  return 0;
}

int RunAnalyze(const Arguments& args, std::ostream& out, std::ostream& err) {
  const auto config = ConfigOrDefaults(args.analyze_config, err);
  if (!config) return kUsage;
  return Analyze(args.analyze, *config, SystemClock(), out, err);
}

int RunHealthcheck(const Arguments& args, std::ostream& out, std::ostream& err) {
  auto config = ConfigOrDefaults(args.health_config, err);
  if (!config || !SetAddresses(args.health_addresses, *config, err)) return kUsage;
  return Healthcheck(config->listen_addresses.front(), out, err);
}

int RunErase(Arguments& args, std::ostream& out, std::ostream& err) {
  if (args.erase.state_file.empty()) {
    const auto config = ConfigOrDefaults(args.erase_config, err);
    if (!config) return kUsage;
    args.erase.state_file = config->state.file;
  }
  if (args.erase.state_file.empty()) {
    err << "no state file to erase from; name it with --state.file, or the configuration with "
           "--config.file\n";
    return kUsage;
  }
  return Erase(args.erase, SystemClock(), out, err);
}

int RunReport(Arguments& args, const Clock& clock, std::ostream& out, std::ostream& err) {
  const auto config = ConfigOrDefaults(args.report_config, err);
  if (!config) return kUsage;
  ReportCommand& report = args.report;
  if (report.state_file.empty()) report.state_file = config->state.file;
  if (report.state_file.empty()) {
    err << "no state file to report from; name it with --state.file, or the configuration with "
           "--config.file\n";
    return kUsage;
  }
  std::vector<std::string> urls = std::move(report.options.alertmanager.urls);
  report.options = config->report;
  if (!urls.empty()) report.options.alertmanager.urls = std::move(urls);
  return WriteReport(report, clock, out, err);
}

}  // namespace

int RunCli(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
           const Clock& clock) {
  CLI::App app("Prometheus exporter for web server access logs: follows FILEs and counts requests "
               "by client and status.\nhttps://github.com/accesslog-exporter/accesslog_exporter",
               "accesslog_exporter");
  Arguments args;
  app.set_version_flag("--version", VersionLine());
  AddServe(app, args.serve);
  const CLI::App* analyze = AddAnalyze(app, args);
  const CLI::App* explain = AddExplain(app, args.explain);
  const CLI::App* check_config = AddCheckConfig(app, args);
  const CLI::App* healthcheck = AddHealthcheck(app, args);
  const CLI::App* erase = AddErase(app, args);
  const CLI::App* report = AddReport(app, args);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : kUsage;
  }
  if (analyze->parsed()) return RunAnalyze(args, out, err);
  if (explain->parsed()) return Explain(args.explain, out, err);
  if (check_config->parsed()) return CheckConfig(args.check_file, out, err);
  if (healthcheck->parsed()) return RunHealthcheck(args, out, err);
  if (erase->parsed()) return RunErase(args, out, err);
  if (report->parsed()) return RunReport(args, clock, out, err);
  return RunServe(args.serve, clock, err);
}

}  // namespace accesslog
