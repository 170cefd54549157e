// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "app/common/http_head.h"
#include "models/base/error.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

using namespace counterfoil;

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

std::string_view viewOf(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

bool isSame(const HttpHead& a, const HttpHead& b)
{
    return a.method == b.method && a.target == b.target && a.headers == b.headers && a.framing == b.framing
           && a.keepsAlive == b.keepsAlive && a.expectsContinue == b.expectsContinue;
}

std::string printed(const HttpHead& head, std::string_view version)
{
    std::string text = head.method + ' ' + head.target + ' ' + std::string(version) + "\r\n";
    for (const auto& [name, value] : head.headers) {
        text.append(viewOf(name)).append(": ").append(viewOf(value)).append("\r\n");
    }
    return text + "\r\n";
}

/// Where Beast takes the same head, it must take it for the same request: two readings are how requests are smuggled.
void agreesWithBeast(const HttpHead& head, std::string_view bytes)
{
    boost::system::error_code error;
    http::request_parser<http::empty_body> whole;
    whole.body_limit(std::numeric_limits<std::uint64_t>::max());
    whole.put(asio::buffer(bytes), error);
    const std::string frame = "POST / HTTP/1.1\r\n" + head.framing + (head.framing.empty() ? "\r\n" : "\r\n\r\n");
    boost::system::error_code frameError;
    http::request_parser<http::empty_body> framed;
    framed.body_limit(std::numeric_limits<std::uint64_t>::max());
    framed.put(asio::buffer(frame), frameError);
    require(framed.is_header_done(), "Beast understands the line that says how the body is framed");
    if (!whole.is_header_done()) {
        return;
    }
    require(whole.get().method_string() == head.method, "the method is the same to Beast");
    require(whole.get().target() == head.target, "the target is the same to Beast");
    require(whole.chunked() == framed.chunked(), "the body is chunked for both or for neither");
    const auto length = [](const auto& parser) { return parser.content_length() ? std::optional(*parser.content_length()) : std::nullopt; };
    require(length(whole).value_or(0) == length(framed).value_or(0), "the body has the same length to Beast");
}

void answersWith(const HttpHead& head)
{
    HttpResponse response;
    response.body = "{}";
    response.headers = head.headers;
    // Also what no head can bring: a target inside a value must not become a line of its own.
    response.headers.emplace_back("X-Echo", QByteArray::fromStdString(head.target) + "\r\nX-Injected: 1");
    const QByteArray bytes = serialise(response, false, true);
    const auto end = bytes.indexOf("\r\n\r\n");
    require(end > 0 && bytes.sliced(end + 4) == "{}", "an answer is a head and its body");
    const QByteArray top = bytes.first(end);
    require(top.count("\r\n") == static_cast<qsizetype>(4 + head.headers.size()), "a line for each header");
    require(!top.contains("X-Injected"), "a header with a line end is left out");
}

void strayControls(std::string_view bytes)
{
    const std::size_t half = bytes.size() / 2;
    const char before = half > 0 ? bytes[half - 1] : '\n';
    const bool whole = hasStrayControl(bytes, '\n');
    const bool pieces = hasStrayControl(bytes.substr(0, half), '\n') || hasStrayControl(bytes.substr(half), before);
    require(whole == pieces, "a head that comes in pieces is judged as a whole one");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    strayControls(input);
    const std::size_t end = input.find("\r\n\r\n");
    const std::string_view bytes = input.substr(0, end == std::string_view::npos ? end : end + 4);
    const HttpLimits limits;
    const auto head = parseHead(bytes, limits);
    if (!head || hasStrayControl(bytes, '\n')) {
        return 0;
    }
    require(head->headers.size() <= static_cast<std::size_t>(limits.headersMax), "the number of headers is limited");
    require(end != std::string_view::npos, "a head ends in an empty line");
    const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
    const auto again = parseHead(printed(*head, line.substr(line.rfind(' ') + 1)), limits);
    require(again && isSame(*again, *head), "a head that is printed reads as the same");
    agreesWithBeast(*head, bytes);
    answersWith(*head);
    return 0;
}
