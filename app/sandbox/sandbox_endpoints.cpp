// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_endpoints.h"

#include <QJsonArray>
#include <QUrl>

namespace counterfoil {

SandboxResult<SandboxEndpoint*> SandboxEndpoints::find(const SandboxCall& call)
{
    const auto found = std::ranges::find(m_state.endpoints, call.id, &SandboxEndpoint::id);
    if (found == m_state.endpoints.end()) {
        return noSuch("webhook endpoint", call.id, QStringLiteral("webhook_endpoint"), 404);
    }
    return &*found;
}

SandboxResult<void> SandboxEndpoints::take(SandboxEndpoint& endpoint, const SandboxCall& call) const
{
    if (call.params.has("url")) {
        SANDBOX_ASSIGN(endpoint.url, call.params.requiredText("url"));
        const QUrl url(endpoint.url, QUrl::StrictMode);
        if (!url.isValid() || url.scheme() != QLatin1StringView("http") || url.host().isEmpty()) {
            return refuse("url_invalid", QStringLiteral("Invalid URL: the sandbox delivers to http:// only."), QStringLiteral("url"));
        }
    }
    if (call.params.has("enabled_events")) {
        endpoint.enabledEvents = call.params.list("enabled_events");
    }
    if (call.params.has("description")) {
        SANDBOX_ASSIGN(endpoint.description, call.params.text("description"));
    }
    SANDBOX_ASSIGN(const bool isDisabled, call.params.flag("disabled"));
    endpoint.isEnabled = call.params.has("disabled") ? !isDisabled : endpoint.isEnabled;
    SANDBOX_ASSIGN(endpoint.metadata, call.params.metadata(endpoint.metadata));
    if (endpoint.enabledEvents.isEmpty()) {
        return refuse("parameter_missing", QStringLiteral("Missing required param: enabled_events."), QStringLiteral("enabled_events"));
    }
    return {};
}

SandboxResult<QJsonObject> SandboxEndpoints::create(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"url", "enabled_events", "description", "metadata", "api_version"}));
    SANDBOX_TRY(call.params.requiredText("url"));
    SandboxEndpoint endpoint;
    SANDBOX_TRY(take(endpoint, call));
    endpoint.id = m_state.makeId("we", m_state.originOf(call));
    endpoint.secret = m_state.makeId("whsec", endpoint.id.toUtf8());
    endpoint.created = m_state.now();
    m_state.endpoints.push_back(endpoint);
    QJsonObject json = toJson(endpoint);
    json.insert(QStringLiteral("secret"), endpoint.secret);
    return json;
}

SandboxResult<QJsonObject> SandboxEndpoints::retrieve(const SandboxCall& call)
{
    SANDBOX_ASSIGN(const SandboxEndpoint* endpoint, find(call));
    return toJson(*endpoint);
}

SandboxResult<QJsonObject> SandboxEndpoints::update(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"url", "enabled_events", "description", "metadata", "disabled"}));
    SANDBOX_ASSIGN(SandboxEndpoint* endpoint, find(call));
    SandboxEndpoint changed = *endpoint;
    SANDBOX_TRY(take(changed, call));
    *endpoint = changed;
    return toJson(changed);
}

SandboxResult<QJsonObject> SandboxEndpoints::remove(const SandboxCall& call)
{
    SANDBOX_ASSIGN(const SandboxEndpoint* endpoint, find(call));
    m_state.endpoints.erase(m_state.endpoints.begin() + (endpoint - m_state.endpoints.data()));
    return QJsonObject{{"id", call.id}, {"object", "webhook_endpoint"}, {"deleted", true}};
}

SandboxResult<QJsonObject> SandboxEndpoints::list(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"limit", "starting_after", "ending_before"}));
    QJsonArray data;
    for (auto it = m_state.endpoints.crbegin(); it != m_state.endpoints.crend(); ++it) {
        data.append(toJson(*it));
    }
    return QJsonObject{{"object", "list"}, {"data", data}, {"has_more", false}, {"url", "/v1/webhook_endpoints"}};
}

} // namespace counterfoil
