// Where the server listens, and what it says where it cannot.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "http/served.h"

namespace accesslog {
namespace {

std::string StartError(const std::vector<ListenAddress>& addresses) {
  HttpServerOptions options;
  options.addresses = addresses;
  const auto server = HttpServer::Start(options, {});
  return server ? "" : server.error().message;
}

TEST(HttpServerStart, TellsThePortThatItWasGiven) {
  const auto server = Serve({{"/", Text("page")}});
  EXPECT_NE(PortOf(*server), 0);
  EXPECT_EQ(server->addresses().front().host, "127.0.0.1");
}

TEST(HttpServerStart, ListensOnSeveralAddresses) {
  HttpServerOptions options;
  options.addresses = {{"127.0.0.1", 0}, {"127.0.0.1", 0}};
  const auto server = Serve({{"/", Text("page")}}, options);
  ASSERT_EQ(server->addresses().size(), 2U);
  EXPECT_NE(server->addresses()[0].port, server->addresses()[1].port);
  for (const ListenAddress& address : server->addresses()) {
    EXPECT_EQ(Get(address.port, "/").body, "page");
  }
}

TEST(HttpServerStart, SaysThatTheAddressIsTaken) {
  const auto first = Serve({});
  const std::string taken = first->addresses().front().ToString();
  EXPECT_EQ(StartError({first->addresses().front()}),
            "cannot listen on " + taken +
                ": Address already in use; stop what listens there or "
                "choose another --web.listen-address");
}

TEST(HttpServerStart, NamesTheOneOfSeveralAddressesThatIsTaken) {
  const auto first = Serve({});
  const ListenAddress taken = first->addresses().front();
  EXPECT_EQ(StartError({{"127.0.0.1", 0}, taken}),
            "cannot listen on " + taken.ToString() +
                ": Address already in use; stop what listens "
                "there or choose another --web.listen-address");
}

TEST(HttpServerStart, SaysThatTheAddressIsNotOfThisHost) {
  EXPECT_EQ(StartError({{"192.0.2.1", 9517}}),
            "cannot listen on 192.0.2.1:9517: Cannot assign requested address; stop what listens "
            "there or choose another --web.listen-address");
}

TEST(HttpServerStart, GivesThePortBackAtItsEnd) {
  auto first = Serve({{"/", Text("page")}});
  HttpServerOptions options;
  options.addresses = first->addresses();
  Get(PortOf(*first), "/");
  first.reset();
  EXPECT_NE(Serve({}, options), nullptr);
}

}  // namespace
}  // namespace accesslog
