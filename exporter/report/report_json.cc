#include <nlohmann/json.hpp>

#include "base/time_format.h"
#include "report/phrases.h"
#include "report/report.h"

namespace accesslog {
namespace {

using Json = nlohmann::ordered_json;

Json ByStatus(const CountByStatus& counts) {
  Json json = Json::object();
  for (const auto& [status, count] : counts) json[StatusText(status)] = count;
  return json;
}

Json Clients(const PeriodFigures& figures) {
  Json json = Json::array();
  for (const ClientFigures& client : figures.clients) {
    json.push_back({{"client", client.client},
                    {"requests", client.requests},
                    {"errors", client.errors},
                    {"by_status", ByStatus(client.by_status)}});
  }
  return json;
}

Json Logins(const PeriodFigures& figures) {
  Json json = Json::array();
  for (const auto& [day, logins] : figures.logins) {
    json.push_back({{"day", FormatDay(day)},
                    {"members", logins.member_count()},
                    {"successes", logins.successes},
                    {"failures", logins.failures},
                    {"unknown", logins.unknown},
                    {"new_clients", logins.newcomer_count()},
                    {"new_client_names", logins.newcomers}});
  }
  return json;
}

Json Figures(const PeriodFigures& figures) {
  return {{"days_known", figures.days_known},
          {"requests", SumOf(figures.requests)},
          {"requests_by_status", ByStatus(figures.requests)},
          {"response_bytes", figures.response_bytes},
          {"client_days", figures.client_days}};
}

Json EpisodeJson(const ReportEpisode& episode) {
  return {{"detection", episode.detection},
          {"severity", episode.severity},
          {"client", episode.client.empty() ? Json() : Json(episode.client)},
          {"first", FormatUtc(episode.first)},
          {"last", FormatUtc(episode.last)},
          {"value", episode.value},
          {"threshold", episode.threshold},
          {"window", episode.window},
          {"samples", episode.samples}};
}

Json SiteJson(const SiteReport& site) {
  Json json = {{"site", site.site}, {"timezone", site.zone.name()}};
  json["nothing_unusual"] = site.IsQuiet();
  json["figures"] = Figures(site.now);
  json["before"] = Figures(site.before);
  json["clients"] = Clients(site.now);
  json["logins"] = Logins(site.now);
  json["findings"] = Json::array();
  for (const ReportEpisode& episode : site.episodes)
    json["findings"].push_back(EpisodeJson(episode));
  return json;
}

}  // namespace

std::string ReportJson(const Report& report) {
  Json json = {{"report_id", report.id()},
               {"period", PeriodName(report.period.kind)},
               {"first_day", FormatDay(report.period.first_day)},
               {"last_day", FormatDay(report.period.last_day)},
               {"made", FormatUtc(report.made)},
               {"exporter", report.exporter},
               {"version", report.version},
               {"sites", Json::array()}};
  for (const SiteReport& site : report.sites) json["sites"].push_back(SiteJson(site));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace accesslog
