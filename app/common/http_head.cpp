// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/http_head.h"

#include <boost/beast/http/status.hpp>

#include <ctime>

namespace counterfoil {

namespace {

constexpr std::string_view lineEnd = "\r\n";

bool isTokenCharacter(char c)
{
    const auto u = static_cast<unsigned char>(c);
    return (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z')
           || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, isTokenCharacter);
}

bool isFieldValue(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u == '\t' || (u >= 0x20 && u != 0x7f);
    });
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool equalsIgnoringCase(std::string_view a, const char* b)
{
    return QByteArrayView(a.data(), static_cast<qsizetype>(a.size())).compare(QByteArrayView(b), Qt::CaseInsensitive) == 0;
}

bool isHost(std::string_view value)
{
    return !value.empty() && std::ranges::all_of(value, [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u > 0x20 && u < 0x7f && std::string_view("/\\?#@,<>\"").find(c) == std::string_view::npos;
    });
}

/// The target begins with a slash, as sent by clients, or is absolute, as sent to proxies (RFC 9112, 3.2.2).
bool isRequestLine(std::string_view line)
{
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return false;
    }
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    const bool isKnownForm = target.starts_with('/') || target.starts_with("http://") || target.starts_with("https://");
    const bool clean = isKnownForm && std::ranges::all_of(target, [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u > 0x20 && u < 0x7f;
    });
    return isToken(line.substr(0, first)) && clean && (version == "HTTP/1.1" || version == "HTTP/1.0");
}

/// Follows the headers that decide where a request ends and whom it is for.
class Framing {
public:
    explicit Framing(std::string_view requestLine) : m_isVersion10(requestLine.ends_with("HTTP/1.0")) {}

    /// The reason to refuse the header, if any.
    std::optional<HttpRefusal> take(std::string_view name, std::string_view value, const HttpLimits& limits)
    {
        if (equalsIgnoringCase(name, "host")) {
            return ++m_hosts == 1 && isHost(value) ? std::nullopt : std::optional(HttpRefusal::BadRequest);
        }
        if (equalsIgnoringCase(name, "content-length")) {
            const bool digits = !value.empty() && value.size() <= 18
                                && value.find_first_not_of("0123456789") == std::string_view::npos;
            if (++m_lengths > 1 || !digits) {
                return HttpRefusal::BadRequest;
            }
            m_line = "Content-Length: " + std::string(value);
            const qint64 length = QByteArrayView(value.data(), static_cast<qsizetype>(value.size())).toByteArray().toLongLong();
            m_isTooLarge = length > limits.bodyBytesMax;
        } else if (equalsIgnoringCase(name, "transfer-encoding")) {
            if (++m_encodings > 1 || m_isVersion10 || !equalsIgnoringCase(value, "chunked")) {
                return HttpRefusal::BadRequest;
            }
            m_line = "Transfer-Encoding: chunked";
        } else if (equalsIgnoringCase(name, "connection")) {
            const auto options = QByteArray(value.data(), static_cast<qsizetype>(value.size())).toLower().split(',');
            for (const QByteArray& option : options) {
                m_closes = m_closes || option.trimmed() == "close";
                m_keepsAlive = m_keepsAlive || option.trimmed() == "keep-alive";
            }
        } else if (equalsIgnoringCase(name, "expect")) {
            if (!equalsIgnoringCase(value, "100-continue")) {
                return HttpRefusal::ExpectationUnknown;
            }
            m_expectsContinue = true;
        }
        return std::nullopt;
    }

    std::optional<HttpRefusal> verdict() const
    {
        if (m_hosts != 1 || (m_lengths > 0 && m_encodings > 0)) {
            return HttpRefusal::BadRequest;
        }
        return m_isTooLarge ? std::optional(HttpRefusal::BodyTooLarge) : std::nullopt;
    }

    void describe(HttpHead& head) const
    {
        head.expectsContinue = m_expectsContinue && !m_isVersion10;
        head.keepsAlive = !m_closes && (!m_isVersion10 || m_keepsAlive);
        head.framing = m_line;
    }

private:
    bool m_isVersion10 = false;
    bool m_isTooLarge = false;
    bool m_expectsContinue = false;
    bool m_closes = false;
    bool m_keepsAlive = false;
    std::string m_line;
    int m_hosts = 0;
    int m_lengths = 0;
    int m_encodings = 0;
};

QByteArray httpDate()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[40];
    const size_t length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return QByteArray(text, static_cast<qsizetype>(length));
}

} // namespace

QByteArray HttpRequest::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0) {
            return value;
        }
    }
    return {};
}

bool hasStrayControl(std::string_view bytes, char before)
{
    for (const char c : bytes) {
        if (c == '\0' || (c == '\n') != (before == '\r')) {
            return true;
        }
        before = c;
    }
    return false;
}

std::expected<HttpHead, HttpRefusal> parseHead(std::string_view head, const HttpLimits& limits)
{
    auto end = head.find(lineEnd);
    if (end == std::string_view::npos || !isRequestLine(head.substr(0, end))) {
        return std::unexpected(HttpRefusal::BadRequest);
    }
    const auto requestLine = head.substr(0, end);
    Framing framing(requestLine);
    HttpHead result;
    result.method = requestLine.substr(0, requestLine.find(' '));
    result.target = requestLine.substr(result.method.size() + 1, requestLine.rfind(' ') - result.method.size() - 1);
    head.remove_prefix(end + lineEnd.size());
    while ((end = head.find(lineEnd)) != 0) {
        if (end == std::string_view::npos) {
            return std::unexpected(HttpRefusal::BadRequest);
        }
        const auto line = head.substr(0, end);
        const auto colon = line.find(':');
        // A folded line begins with a blank, so its "name" is no token either.
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon)) || !isFieldValue(line.substr(colon + 1))) {
            return std::unexpected(HttpRefusal::BadRequest);
        }
        const auto name = line.substr(0, colon);
        const auto value = trimmed(line.substr(colon + 1));
        if (const auto refusal = framing.take(name, value, limits)) {
            return std::unexpected(*refusal);
        }
        result.headers.emplace_back(QByteArray(name.data(), static_cast<qsizetype>(name.size())),
                                    QByteArray(value.data(), static_cast<qsizetype>(value.size())));
        if (result.headers.size() > static_cast<size_t>(limits.headersMax)) {
            return std::unexpected(HttpRefusal::HeaderTooLarge);
        }
        head.remove_prefix(end + lineEnd.size());
    }
    if (const auto refusal = framing.verdict()) {
        return std::unexpected(*refusal);
    }
    framing.describe(result);
    return result;
}

QByteArray serialise(const HttpResponse& response, bool headOnly, bool keepAlive)
{
    const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(response.status));
    const auto reason = boost::beast::http::obsolete_reason(known);
    const bool hasNoBody = response.status == 204 || response.status == 304;
    QByteArray out;
    out.reserve(256 + response.body.size());
    out += "HTTP/1.1 " + QByteArray::number(response.status) + ' ';
    out.append(reason.data(), static_cast<qsizetype>(reason.size()));
    out += "\r\nDate: " + httpDate();
    if (!hasNoBody) {
        out += "\r\nContent-Type: " + response.contentType;
        out += "\r\nContent-Length: " + QByteArray::number(response.body.size());
    }
    out += keepAlive ? "\r\nConnection: keep-alive" : "\r\nConnection: close";
    for (const auto& [name, value] : response.headers) {
        if (isToken({name.constData(), static_cast<size_t>(name.size())})
            && isFieldValue({value.constData(), static_cast<size_t>(value.size())})) {
            out += "\r\n" + name + ": " + value;
        }
    }
    out += "\r\n\r\n";
    if (!hasNoBody && !headOnly) {
        out += response.body;
    }
    return out;
}

} // namespace counterfoil
