"""Drawn covers on drawn grounds: each piece once, corners within 1 % of its width, or the whole image."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.geometry import Box, Homography, Points
from recognizer.sources.models import open_model
from recognizer.stages import pieces
from recognizer.stages.pieces import PiecesParams
from recognizer.training.layouts import LAYOUTS, random_piece
from recognizer.training.parts import Stock
from recognizer.types import Piece, Rgb, Scan

FINDER = open_model("piece-finder")
CREAM, WHITE, MANILA, BLUE = (238, 228, 205), (246, 246, 244), (214, 186, 140), (196, 210, 226)
BEDS = {"white": (253, 253, 253), "black": (14, 14, 16), "grey": (120, 122, 124), "album": (70, 60, 52)}


def find_pieces(scan: Scan, params: PiecesParams | None = None) -> list[Piece]:
    return pieces.find_pieces(scan, FINDER, params)


def box_on(page: Rgb, x: float, y: float, w: float, h: float, colour: tuple[int, int, int]) -> None:
    """A filled box; places in millimetres of a cover 160 mm wide."""
    u = page.shape[1] / 160
    cv2.rectangle(page, (round(x * u), round(y * u)), (round((x + w) * u), round((y + h) * u)), colour, -1)


def cover(rng: np.random.Generator, width: int, height: int, colour: tuple[int, int, int]) -> Rgb:
    """Grainy paper with stamps, two rings of a postmark, lines of handwriting, a cachet and a label."""
    grain = rng.normal(0, 2, (height, width, 1)).astype(np.float32)
    page = np.clip(np.array(colour, np.float32) + grain, 0, 255).astype(np.uint8)
    u, tall = width / 160, 160 * height / width
    for k in range(int(rng.integers(1, 3))):
        box_on(page, 126 - k * 30, 6, 27, 36, (250, 248, 240))
        r, g, b = (int(v) for v in rng.integers(40, 200, 3))
        box_on(page, 128 - k * 30, 8, 23, 32, (r, g, b))
    for radius in (13, 8):
        cv2.circle(page, (round(100 * u), round(30 * u)), round(radius * u), (40, 40, 60), 1, cv2.LINE_AA)
    for k in range(4):
        xs = np.arange(75 * u, rng.uniform(110, 150) * u, max(u, 2))
        ys = (tall * 0.55 + k * 9) * u + rng.normal(0, 1.5 * u, len(xs))
        line = np.column_stack([xs, ys]).astype(np.int32)
        cv2.polylines(page, [line], False, (50, 50, 120), 1, cv2.LINE_AA)
    r, g, b = (int(v) for v in rng.integers(60, 230, 3))
    box_on(page, 8, tall * 0.35, 50, tall * 0.55, (r, g, b))
    box_on(page, 10, 6, 38, 14, (40, 60, 150))
    return page


def drawn_cover(rng: np.random.Generator, width: int, height: int) -> Rgb:
    """A cover of the press."""
    return random_piece(rng, width, height, Stock(), LAYOUTS["european"]).pixels


def ground(rng: np.random.Generator, width: int, height: int, colour: tuple[int, int, int]) -> Rgb:
    noise = rng.normal(0, 1.2, (height, width, 1))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


def lay(scene: Rgb, page: Rgb, quad: Points) -> None:
    """Put ``page`` on the scene, its corners on ``quad`` (4, 2), with a soft shadow to the lower right."""
    height, width = page.shape[:2]
    matrix = Homography.between(Box(0, 0, width, height).corners - 0.5, quad - 0.5).matrix
    size = scene.shape[1], scene.shape[0]
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    fallen = cv2.warpAffine(mask, np.array([[1.0, 0, 2], [0, 1, 2]]), size)
    shade = cv2.GaussianBlur(fallen, (0, 0), 2.5).astype(np.float32)[..., None] / 255
    top = cv2.warpPerspective(page, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    opaque = mask.astype(np.float32)[..., None] / 255
    scene[:] = (scene * (1 - 0.25 * shade) * (1 - opaque) + top * opaque).astype(np.uint8)


def tilted(x: float, y: float, width: float, height: float, angle_deg: float) -> Points:
    upright = Box(-width / 2, -height / 2, width, height).corners
    return Homography.similarity(1, angle_deg, x, y).apply(upright)


def scan_of(scene: Rgb, dpi: float | None = None) -> Scan:
    """The scene after a JPEG's wear."""
    _, data = cv2.imencode(".jpg", scene[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    pixels = np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    return Scan("drawn.jpg", 0, pixels, dpi, "0" * 64)


def assert_found(found: list[Piece], quads: list[Points]) -> None:
    assert len(found) == len(quads)
    for quad in quads:
        width = np.linalg.norm(quad[1] - quad[0])
        off = min(float(np.linalg.norm(p.outline - quad, axis=1).max()) for p in found)
        assert off <= 0.01 * width, f"{off:.1f} px off on a piece {width:.0f} px wide"


def assert_whole(scan: Scan) -> None:
    (piece,) = find_pieces(scan)
    assert piece.pixels is scan.pixels
    assert np.array_equal(piece.to_scan.matrix, np.eye(3))
    assert piece.dpi == scan.dpi


@pytest.mark.parametrize("bed", BEDS)
@pytest.mark.parametrize("colour", [CREAM, MANILA, BLUE])
def test_one_skewed_cover_on_a_bed(bed: str, colour: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(3)
    scene, quad = ground(rng, 1100, 850, BEDS[bed]), tilted(540, 420, 760, 520, rng.uniform(-4, 4))
    lay(scene, cover(rng, 760, 520, colour), quad)
    assert_found(find_pieces(scan_of(scene)), [quad])


@pytest.mark.parametrize("bed", BEDS)
def test_a_cover_pushed_into_the_corner(bed: str) -> None:
    rng = np.random.default_rng(4)
    scene, quad = ground(rng, 1100, 850, BEDS[bed]), tilted(380, 260, 760, 520, 0)
    lay(scene, cover(rng, 760, 520, CREAM), quad)
    assert_found(find_pieces(scan_of(scene)), [quad])


@pytest.mark.parametrize("bed", BEDS)
def test_eight_on_a_page(bed: str) -> None:
    rng = np.random.default_rng(5)
    scene, quads = ground(rng, 1100, 1500, BEDS[bed]), []
    for n in range(8):
        quads.append(tilted(285 + n % 2 * 530, 210 + n // 2 * 360, 460, 300, rng.uniform(-2.5, 2.5)))
        lay(scene, cover(rng, 460, 300, (CREAM, MANILA, BLUE)[n % 3]), quads[-1])
    found = find_pieces(scan_of(scene))
    assert_found(found, quads)
    middles = [p.outline.mean(0) for p in found]
    assert all(np.abs(m - q.mean(0)).max() < 8 for m, q in zip(middles, quads, strict=True)), "reading order"


@pytest.mark.parametrize("bed", ["black", "grey"])
def test_overlapping_corners(bed: str) -> None:
    rng = np.random.default_rng(6)
    scene = ground(rng, 1100, 1000, BEDS[bed])
    quads = [tilted(400, 300, 640, 420, -2), tilted(640, 640, 640, 420, 3)]
    for quad, colour in zip(quads, (BLUE, CREAM), strict=True):
        lay(scene, cover(rng, 640, 420, colour), quad)
    assert_found(find_pieces(scan_of(scene)), quads)


def test_at_an_angle() -> None:
    rng = np.random.default_rng(7)
    scene, quad = (
        ground(rng, 1200, 900, (96, 72, 50)),
        np.array([[200, 160], [980, 130], [1080, 740], [130, 760.0]]),
    )
    lay(scene, cover(rng, 900, 640, CREAM), quad)
    (piece,) = find_pieces(scan_of(scene))
    assert_found([piece], [quad])
    height, width = piece.pixels.shape[:2]
    corners = piece.to_scan.apply(Box(0, 0, width, height).corners)
    assert np.abs(corners - piece.outline).max() < 0.01, "the homography leads from the piece to the scan"
    stamp = piece.pixels[
        round(height * 0.09) : round(height * 0.3), round(width * 0.82) : round(width * 0.93)
    ]
    assert stamp.std((0, 1)).max() < 12, "rectified, the stamp lies where it was drawn"


def test_a_photograph_with_other_sheets_behind() -> None:
    rng = np.random.default_rng(8)
    scene = ground(rng, 1200, 900, (90, 80, 75))
    for x, y, angle in ((200, 150, -25), (1000, 180, 30), (150, 800, 15), (1050, 800, -35)):
        lay(scene, drawn_cover(rng, 640, 440), tilted(x, y, 640, 440, angle))
    quad = np.array([[230, 190], [960, 160], [1020, 690], [180, 710.0]])
    lay(scene, drawn_cover(rng, 900, 640), quad)
    scan = scan_of(scene)
    found = find_pieces(scan)
    (subject,) = (p for p in found if not p.covers)
    assert_found([subject], [quad])
    assert found[-1].pixels is scan.pixels, "more lies about than was made out: the whole image comes last"
    assert len(found[-1].covers) == len(found) - 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("colour", [CREAM, WHITE, MANILA])
def test_a_piece_edge_to_edge_stays_whole(seed: int, colour: tuple[int, int, int]) -> None:
    assert_whole(scan_of(cover(np.random.default_rng(seed), 1100, 760, colour), 300.0))


def test_a_torn_piece_edge_to_edge_stays_whole() -> None:
    rng = np.random.default_rng(9)
    scene = cover(rng, 1100, 760, MANILA)
    torn = np.array([[0, 0], [300, 0], [240, 60], [150, 90], [60, 200], [0, 230]], np.int32)
    cv2.fillPoly(scene, [torn], (255, 255, 255))
    assert_whole(scan_of(scene))


def test_a_stamp_and_a_cachet_on_clean_paper_are_no_pieces() -> None:
    rng = np.random.default_rng(10)
    page = ground(rng, 1100, 760, WHITE)
    box_on(page, 8, 40, 60, 62, (150, 90, 60))
    box_on(page, 126, 6, 27, 36, (60, 90, 150))
    cv2.circle(page, (900, 220), 95, (30, 30, 40), 4, cv2.LINE_AA)
    assert_whole(scan_of(page))


def test_dpi_tells_a_label_from_a_card() -> None:
    """The same picture: at 300 dpi the sheet is a label of 5 cm, at 100 a card."""
    rng = np.random.default_rng(11)
    scene, quad = ground(rng, 1000, 760, BEDS["black"]), tilted(500, 380, 600, 400, 2)
    lay(scene, cover(rng, 600, 400, CREAM), quad)
    assert_whole(scan_of(scene, 300.0))
    (piece,) = find_pieces(scan_of(scene, 100.0))
    assert piece.size_mm == pytest.approx((152.4, 101.6), rel=0.01)


def test_an_upright_piece_is_cut_and_not_resampled() -> None:
    rng = np.random.default_rng(12)
    scene = ground(rng, 1100, 850, BEDS["black"])
    scene[100:620, 150:910] = cover(rng, 760, 520, CREAM)
    scan = scan_of(scene)
    (piece,) = find_pieces(scan)
    x, y = (round(float(v)) for v in piece.outline[0])
    height, width = piece.pixels.shape[:2]
    assert np.array_equal(piece.pixels, scan.pixels[y : y + height, x : x + width])
    assert abs(x - 150) + abs(y - 100) <= 3


def test_the_scan_is_left_as_it_was() -> None:
    rng = np.random.default_rng(13)
    scene, quad = ground(rng, 900, 700, BEDS["grey"]), tilted(450, 350, 600, 420, 3)
    lay(scene, cover(rng, 600, 420, CREAM), quad)
    scan = scan_of(scene)
    before = scan.pixels.copy()
    find_pieces(scan)
    assert np.array_equal(scan.pixels, before)


@pytest.mark.parametrize("shape", [(8, 8), (8, 300), (30, 40), (2000, 60)])
def test_small_and_narrow_images_are_whole(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(14).integers(0, 255, (*shape, 3), np.uint8)
    for pixels in (noise, np.full((*shape, 3), 200, np.uint8)):
        assert_whole(Scan("drawn.png", 0, pixels, None, "0" * 64))


def test_a_large_piece_that_lies_askew_is_cut_smaller() -> None:
    """Memory has a limit: the cut-out is smaller than the scan, and its map and resolution say so."""
    rng = np.random.default_rng(15)
    scene, quad = ground(rng, 1100, 850, BEDS["black"]), tilted(540, 420, 760, 520, 3)
    lay(scene, cover(rng, 760, 520, CREAM), quad)
    scan = scan_of(scene, 100.0)
    (usual,), (small,) = find_pieces(scan), find_pieces(scan, PiecesParams(most_px=760 * 520 // 4))
    assert small.pixels.shape[1] == pytest.approx(usual.pixels.shape[1] / 2, abs=2)
    assert small.size_mm == pytest.approx(usual.size_mm, rel=0.01)
    corner = np.array([[0, 0], [small.pixels.shape[1], small.pixels.shape[0]]])
    np.testing.assert_allclose(small.to_scan.apply(corner), usual.outline[[0, 2]], atol=1.0)
