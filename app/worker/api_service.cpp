// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/api_service.h"

#include "app/common/order_document.h"
#include "app/worker/api_callbacks.h"
#include "app/worker/api_messages.h"
#include "app/worker/metrics_text.h"
#include "app/worker/status_cache.h"
#include "app/worker/token_check.h"
#include "models/base/json.h"
#include "models/base/text.h"
#include "resources/resources.h"
#include "workflows/services/import/order_json.h"
#include "workflows/services/import/refund_json.h"

#include <QFile>

namespace counterfoil {

namespace {

constexpr Duration roundAgeMax = Duration::seconds(10);
const QString orderPath = QStringLiteral("/v1/orders/");
const QString refundsPath = QStringLiteral("/refunds");

QByteArray openApiText()
{
    initResources();
    QFile file(QStringLiteral(":/counterfoil/docs/openapi.json"));
    require(file.open(QIODevice::ReadOnly), "openapi.json is not built in");
    return file.readAll();
}

HttpResponse notFound()
{
    return errorResponse({ErrorCode::NotFound, QStringLiteral("there is nothing at this path")});
}

HttpResponse methodNotAllowed(const QByteArray& allowed)
{
    HttpResponse response
        = errorResponse({ErrorCode::MalformedInput, QStringLiteral("this path takes %1 only").arg(QString::fromLatin1(allowed))}, 405);
    response.headers.emplace_back("Allow", allowed);
    return response;
}

/// The one path segment behind /v1/orders/, before /refunds. Errors: NotFound (none, more than one, or nothing an order could be called).
Result<QString> referenceOf(const QString& path)
{
    QString segment = path.mid(orderPath.size());
    if (segment.endsWith(refundsPath)) {
        segment.chop(refundsPath.size());
    }
    const auto text = decodeUtf8(QByteArray::fromPercentEncoding(segment.toLatin1()));
    const auto reference = text ? parseLine(*text, 128, "reference") : Result<QString>(passOn(text));
    if (segment.contains(u'/') || !reference) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no order of that name"));
    }
    return *reference;
}

QString unhealthyReason(const WorkerStatistics& statistics, UtcTime now)
{
    if (!statistics.databaseReachable) {
        return QStringLiteral("the database can't be reached");
    }
    if (statistics.lastRound.isNone()) {
        return QStringLiteral("the worker's loop has not run yet");
    }
    if (now - statistics.lastRound > roundAgeMax) {
        return QStringLiteral("the worker's loop has not run for %1 s").arg((now - statistics.lastRound).micros() / 1'000'000);
    }
    return {};
}

} // namespace

/// Kept by every answer that is outstanding.
class ApiService::Routes : public std::enable_shared_from_this<Routes> {
public:
    Routes(ApiPort& port, const Clock& clock, ApiOptions options)
        : m_port(port),
          m_clock(clock),
          m_httpStatistics(std::move(options.httpStatistics)),
          m_callbacks(port, clock, std::move(options.callbackSecrets)),
          m_tokens(std::make_shared<TokenCheck>(port, clock)),
          m_status(std::make_shared<StatusCache>(port, clock)),
          m_openApi(openApiText())
    {
    }

    void handle(HttpRequest request, HttpRespond respond);

private:
    using Handle = void (Routes::*)(HttpRequest, HttpRespond);
    /// What a path takes, beside HEAD where it takes GET.
    struct Route {
        const char* method;
        Handle handle;
    };
    static std::optional<Route> routeOf(const QString& path);
    struct Keyed {
        QString key;
        QJsonObject body;
    };
    static std::optional<Keyed> readKeyed(const HttpRequest& request, const HttpRespond& respond);

    void takeCallback(HttpRequest request, HttpRespond respond) { m_callbacks.handle(request, respond); }
    void placeOrder(HttpRequest request, HttpRespond respond);
    void placeFor(const QString& label, const HttpRequest& request, const HttpRespond& respond);
    void requestRefund(HttpRequest request, HttpRespond respond);
    void refundFor(const QString& label, const HttpRequest& request, const HttpRespond& respond);
    void showOrder(HttpRequest request, HttpRespond respond);
    void showHealth(HttpRequest request, HttpRespond respond);
    void showMetrics(HttpRequest request, HttpRespond respond);
    void showOpenApi(HttpRequest request, HttpRespond respond);
    /// Calls `then` with the token's label, or answers 401 or 503.
    void authenticate(const HttpRequest& request, const HttpRespond& respond, std::function<void(QString)> then);

    ApiPort& m_port;
    const Clock& m_clock;
    const std::function<HttpStatistics()> m_httpStatistics;
    ApiCallbacks m_callbacks;
    const std::shared_ptr<TokenCheck> m_tokens;
    const std::shared_ptr<StatusCache> m_status;
    const QByteArray m_openApi;
};

std::optional<ApiService::Routes::Route> ApiService::Routes::routeOf(const QString& path)
{
    static const QHash<QString, Route> exact{{QStringLiteral("/v1/callbacks/stripe"), {"POST", &Routes::takeCallback}},
                                             {QStringLiteral("/v1/orders"), {"POST", &Routes::placeOrder}},
                                             {QStringLiteral("/healthz"), {"GET", &Routes::showHealth}},
                                             {QStringLiteral("/metrics"), {"GET", &Routes::showMetrics}},
                                             {QStringLiteral("/openapi.json"), {"GET", &Routes::showOpenApi}}};
    if (const auto found = exact.constFind(path); found != exact.cend()) {
        return *found;
    }
    const QString behind = path.startsWith(orderPath) ? path.mid(orderPath.size()) : QString();
    if (!behind.isEmpty() && !behind.contains(u'/')) {
        return Route{"GET", &Routes::showOrder};
    }
    if (behind.endsWith(refundsPath) && behind.indexOf(u'/') == behind.size() - refundsPath.size() && behind.size() > refundsPath.size()) {
        return Route{"POST", &Routes::requestRefund};
    }
    return std::nullopt;
}

void ApiService::Routes::handle(HttpRequest request, HttpRespond respond)
{
    const auto route = routeOf(request.path);
    if (!route) {
        respond(notFound());
        return;
    }
    const bool isRead = std::string_view(route->method) == "GET";
    if (request.method != route->method && !(isRead && request.method == "HEAD")) {
        respond(methodNotAllowed(isRead ? "GET, HEAD" : "POST"));
        return;
    }
    (this->*route->handle)(std::move(request), std::move(respond));
}

void ApiService::Routes::authenticate(const HttpRequest& request, const HttpRespond& respond, std::function<void(QString)> then)
{
    const auto token = bearerToken(request);
    if (!token) {
        respond(unauthenticatedResponse(false));
        return;
    }
    m_tokens->find(*token, [respond, then = std::move(then)](const Result<std::optional<QString>>& label) {
        if (!label) {
            respond(errorResponse(label.error()));
        } else if (!*label) {
            respond(unauthenticatedResponse(true));
        } else {
            then(**label);
        }
    });
}

void ApiService::Routes::placeOrder(HttpRequest request, HttpRespond respond)
{
    auto shared = std::make_shared<const HttpRequest>(std::move(request));
    authenticate(*shared, respond, [self = shared_from_this(), shared, respond](const QString& label) { self->placeFor(label, *shared, respond); });
}

/// Key and body of a request that changes something, or nothing if the answer was given.
std::optional<ApiService::Routes::Keyed> ApiService::Routes::readKeyed(const HttpRequest& request, const HttpRespond& respond)
{
    if (!isJson(request)) {
        respond(errorResponse({ErrorCode::MalformedInput, QStringLiteral("Content-Type must be application/json")}, 415));
        return std::nullopt;
    }
    const auto key = idempotencyKey(request);
    if (!key) {
        respond(errorResponse(key.error(), 400));
        return std::nullopt;
    }
    const auto json = parseJsonObject(request.body);
    if (!json) {
        respond(errorResponse(json.error()));
        return std::nullopt;
    }
    return Keyed{*key, *json};
}

void ApiService::Routes::placeFor(const QString& label, const HttpRequest& request, const HttpRespond& respond)
{
    const auto keyed = readKeyed(request, respond);
    if (!keyed) {
        return;
    }
    auto order = parseOrder(keyed->body);
    if (!order) {
        // Also for a field or list that is too large: 413 is for the body as a whole.
        respond(errorResponse(order.error(), 400));
        return;
    }
    m_port.placeOrder(std::move(*order), QStringLiteral("api:") + label, keyed->key, sha256Hex(request.body),
                      [respond](const ApiAnswer& answer) { respond(jsonResponse(answer.status, answer.body)); });
}

void ApiService::Routes::requestRefund(HttpRequest request, HttpRespond respond)
{
    auto shared = std::make_shared<const HttpRequest>(std::move(request));
    authenticate(*shared, respond, [self = shared_from_this(), shared, respond](const QString& label) { self->refundFor(label, *shared, respond); });
}

void ApiService::Routes::refundFor(const QString& label, const HttpRequest& request, const HttpRespond& respond)
{
    const auto reference = referenceOf(request.path);
    if (!reference) {
        respond(errorResponse(reference.error()));
        return;
    }
    const auto keyed = readKeyed(request, respond);
    if (!keyed) {
        return;
    }
    const auto refund = parseRefundRequest(keyed->body);
    if (!refund) {
        respond(errorResponse(refund.error(), 400));
        return;
    }
    m_port.requestRefund({*reference, refund->wanted, refund->reason, QStringLiteral("api:") + label, keyed->key},
                         [respond](const ApiAnswer& answer) { respond(jsonResponse(answer.status, answer.body)); });
}

void ApiService::Routes::showOrder(HttpRequest request, HttpRespond respond)
{
    authenticate(request, respond, [self = shared_from_this(), path = request.path, respond](const QString&) {
        const auto reference = referenceOf(path);
        if (!reference) {
            respond(errorResponse(reference.error()));
            return;
        }
        self->m_port.findOrder(*reference, [respond](const Result<OrderDetail>& found) {
            respond(found ? jsonResponse(200, orderDocument(*found)) : errorResponse(found.error()));
        });
    });
}

void ApiService::Routes::showHealth(HttpRequest, HttpRespond respond)
{
    const QString reason = unhealthyReason(m_port.statistics(), m_clock.now());
    if (reason.isEmpty()) {
        respond(jsonResponse(200, {{QStringLiteral("status"), QStringLiteral("ok")}}));
    } else {
        respond(jsonResponse(503, {{QStringLiteral("status"), QStringLiteral("failing")}, {QStringLiteral("reason"), reason}}));
    }
}

void ApiService::Routes::showMetrics(HttpRequest, HttpRespond respond)
{
    m_status->read([self = shared_from_this(), respond](const std::optional<SystemStatus>& status) {
        MetricsInput input{self->m_port.statistics(), {}, status, self->m_callbacks.refusalsUnrecorded()};
        if (self->m_httpStatistics) {
            input.http = self->m_httpStatistics();
        }
        HttpResponse response;
        response.contentType = metricsContentType;
        response.body = metricsText(input);
        respond(response);
    });
}

void ApiService::Routes::showOpenApi(HttpRequest, HttpRespond respond)
{
    HttpResponse response;
    response.body = m_openApi;
    respond(response);
}

ApiService::ApiService(ApiPort& port, const Clock& clock, ApiOptions options)
    : m_routes(std::make_shared<Routes>(port, clock, std::move(options)))
{
}

ApiService::~ApiService() = default;

void ApiService::handle(HttpRequest request, HttpRespond respond)
{
    m_routes->handle(std::move(request), std::move(respond));
}

HttpHandler ApiService::handler()
{
    return [routes = m_routes](HttpRequest request, HttpRespond respond) { routes->handle(std::move(request), std::move(respond)); };
}

} // namespace counterfoil
